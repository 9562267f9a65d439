// Draws the words and figures of a [data-picture] block as one picture in the
// size of a phone, to be pressed and passed on. Everything comes from the page
// itself; nothing is fetched.
(() => {
  const W = 1080, M = 72, FONT = '"PingFang SC","HarmonyOS Sans SC","MiSans","Microsoft YaHei","Noto Sans CJK SC",sans-serif';
  const looks = {
    head: { size: 52, colour: "#ffffff", weight: 700 },
    big: { size: 64, colour: "#1f1b16", weight: 700, gap: 28 },
    row: { size: 44, colour: "#1f1b16", gap: 18 },
    strong: { size: 44, colour: "#9c1b17", weight: 700, gap: 36 },
    line: { size: 40, colour: "#1f1b16", gap: 20 },
    small: { size: 34, colour: "#6b6258", gap: 16 },
  };
  // Chinese breaks anywhere; numbers and Latin words stay whole.
  const wrap = (g, text, width) => {
    const out = [""];
    for (const bit of text.match(/[\w.,:+−-]+|./gsu) || []) {
      const line = out[out.length - 1] + bit;
      if (g.measureText(line).width > width && out[out.length - 1]) out.push(bit.trim());
      else out[out.length - 1] = line;
    }
    return out;
  };
  const draw = (g, block, paint) => {
    let y = 0;
    const set = (look) => { g.font = `${look.weight || 400} ${look.size}px ${FONT}`; g.fillStyle = look.colour; g.textBaseline = "top"; };
    const words = (text, look, x, width, right) => {
      set(look);
      for (const line of wrap(g, text, width)) {
        if (paint) { g.textAlign = right ? "right" : "left"; g.fillText(line, x, y); }
        y += look.size * 1.5;
      }
    };
    for (const el of block.children) {
      const kind = el.dataset.draw;
      if (kind === "head") {
        const was = looks.head;
        set(was);
        const lines = wrap(g, el.textContent.trim(), W - 2 * M);
        const h = 2 * 56 + lines.length * was.size * 1.5;
        if (paint) { g.fillStyle = "#b3201c"; g.fillRect(0, 0, W, h); }
        y = 56;
        words(el.textContent.trim(), was, M, W - 2 * M);
        y = h + 48;
      } else if (kind === "row") {
        const [name, points] = el.children;
        const top = y;
        words(name.textContent.trim(), looks.row, M, W - 2 * M - 320);
        const end = y;
        y = top;
        words(points.textContent.trim(), looks.row, W - M, 320, true);
        y = Math.max(end, y) + looks.row.gap;
        if (paint) { g.fillStyle = "#e4dcd1"; g.fillRect(M, y - looks.row.gap, W - 2 * M, 2); }
      } else if (kind === "qr") {
        const svg = el.querySelector("svg"), path = svg && svg.querySelector("path:last-of-type");
        if (!path) continue;
        const modules = svg.viewBox.baseVal.width, side = 340, by = side / modules, x = (W - side) / 2;
        y += 24;
        if (paint) {
          g.fillStyle = "#ffffff";
          g.fillRect(x, y, side, side);
          g.save();
          g.translate(x, y);
          g.scale(by, by);
          g.fillStyle = "#000000";
          g.fill(new Path2D(path.getAttribute("d")));
          g.restore();
        }
        y += side + 24;
      } else if (looks[kind]) {
        if (kind === "strong") y += 18;
        words(el.textContent.trim(), looks[kind], M, W - 2 * M);
        y += looks[kind].gap;
      }
    }
    return Math.ceil(y + 48);
  };
  document.querySelectorAll("[data-picture]").forEach((block) => {
    const canvas = document.createElement("canvas");
    const g = canvas.getContext("2d");
    if (!g || !window.Path2D) return;
    canvas.width = W;
    canvas.height = draw(g, block, false);
    g.fillStyle = "#fffdf9";
    g.fillRect(0, 0, W, canvas.height);
    draw(g, block, true);
    const img = new Image();
    img.src = canvas.toDataURL("image/png");
    img.alt = block.textContent.replace(/\s+/g, " ").trim();
    img.className = "group-image";
    block.replaceWith(img);
    document.querySelectorAll("[data-picture-note]").forEach((n) => { n.hidden = false; });
    document.querySelectorAll("[data-picture-save]").forEach((a) => { a.href = img.src; a.hidden = false; });
  });
})();
