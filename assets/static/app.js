// Comfort only: every page works without this file. Behaviour hangs on data
// attributes, so a view says what it wants and this file says how.
"use strict";

document.documentElement.classList.add("scripted");

const all = (sel, root = document) => Array.from(root.querySelectorAll(sel));
const on = (type, sel, act) => document.addEventListener(type, (e) => {
  const el = e.target.closest && e.target.closest(sel);
  if (el) act(el, e);
});
// Full-width letters and digits, as a Chinese input method leaves them.
const fold = (s) => s.normalize("NFKC").replace(/[\s\u3000]+/g, " ").trim();
const show = (el) => { el.hidden = false; };

// Points travel as plain decimals ("2.5") and are added as whole hundredths.
const cents = (s) => Math.round(parseFloat(s || "0") * 100);
const points = (n) => {
  const [whole, part] = (Math.abs(n) / 100).toFixed(2).split(".");
  const tail = part.replace(/0+$/, "");
  return (n < 0 ? "−" : "") + whole.replace(/\B(?=(\d{3})+$)/g, ",") + (tail ? "." + tail : "");
};

// ---- pressing once ----

// The server answers a repeated press with the first result; this only spares
// people the doubt.
const faces = new WeakMap(); // what a waiting button showed before
let pressed = null; // for browsers that don't name the submitter
document.addEventListener("click", (e) => { pressed = e.target.closest && e.target.closest("button"); }, true);
document.addEventListener("submit", (e) => {
  const form = e.target;
  const by = e.submitter || (pressed && pressed.form === form ? pressed : form.querySelector("button:not([type=button])"));
  const ask = (by && by.dataset.confirm) || form.dataset.confirm;
  if (ask && !window.confirm(ask)) return e.preventDefault();
  all("[data-fold], .scan", form).forEach((f) => { f.value = fold(f.value); });
  if (form.method !== "post" || "download" in form.dataset) return; // after a download the page stays
  if (form.dataset.sent) return e.preventDefault();
  form.dataset.sent = "1";
  // Later than the event itself: a disabled button would not send its value.
  setTimeout(() => all("button", form).forEach((b) => {
    if (b === by) { faces.set(b, Array.from(b.childNodes)); b.textContent = "正在办理…"; }
    if (!b.disabled) { b.disabled = true; b.dataset.held = "1"; }
  }));
});
// Coming back with the browser's own button shows the page as it was left.
window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => {
  delete form.dataset.sent;
  all("[data-held]", form).forEach((b) => {
    b.disabled = false;
    if (faces.has(b)) { b.textContent = ""; b.append(...faces.get(b)); }
    delete b.dataset.held;
  });
}));
on("change", "[data-submit]", (el) => el.form.submit());

// ---- print, copy ----

on("click", "[data-print]", () => window.print());
// Folded tables are part of the sheet.
window.addEventListener("beforeprint", () => all("details").forEach((d) => { d.open = true; }));

on("click", "[data-copy]", (el) => {
  const from = document.querySelector(el.dataset.copy);
  const text = "value" in from ? from.value : from.textContent.trim();
  const done = () => { el.textContent = "已复制"; };
  // The old way comes first: WeChat's browser and plain http know no other, and
  // it only works while the finger's tap lasts.
  const box = document.createElement("textarea");
  box.value = text;
  box.readOnly = true;
  document.body.append(box);
  box.select();
  box.setSelectionRange(0, text.length);
  let copied = false;
  try { copied = document.execCommand("copy"); } catch (err) { copied = false; }
  box.remove();
  if (copied) return done();
  const byHand = () => {
    if (from.select) from.select();
    el.textContent = "没复制上，请长按上面的字，选“复制”";
  };
  if (navigator.clipboard) return navigator.clipboard.writeText(text).then(done, byHand);
  byHand();
});

// ---- lists: sieve, tick, count ----

const sieve = (input) => {
  const list = document.getElementById(input.dataset.filter.replace("#", ""));
  const want = fold(input.value).toLowerCase().split(" ").filter(Boolean);
  const items = all("[data-search]", list);
  items.forEach((it) => {
    const has = fold(it.dataset.search).toLowerCase();
    it.hidden = !want.every((w) => has.includes(w));
  });
  const left = items.filter((it) => !it.hidden);
  const say = input.parentElement.querySelector("[data-found]");
  if (say) say.textContent = want.length ? (left.length ? "找到 " + left.length + " 个" : "没有找到，换个写法试试") : "";
  return want.length ? left : [];
};
on("input", "[data-filter]", (el, e) => { if (!e.isComposing) sieve(el); });
document.addEventListener("compositionend", (e) => { if (e.target.matches("[data-filter]")) sieve(e.target); });
document.addEventListener("keydown", (e) => {
  if (e.key !== "Enter" || e.isComposing || !e.target.matches("[data-filter]")) return;
  e.preventDefault(); // Enter in the sieve must not send the whole batch
  const found = sieve(e.target);
  if (!("filterTick" in e.target.dataset) || !found.length) return;
  const box = found[0].querySelector("input[type=checkbox]:not(:disabled)");
  if (!box) return;
  box.checked = true;
  box.dispatchEvent(new Event("change", { bubbles: true }));
  e.target.value = "";
  sieve(e.target);
});

const count = (root) => {
  const on = all("input[type=checkbox]:checked", root);
  const each = (b) => cents(b.dataset.each || root.dataset.each);
  all("[data-count]", root).forEach((o) => { o.textContent = on.length; });
  const sum = on.reduce((s, b) => s + each(b), 0);
  all("[data-sum]", root).forEach((o) => { o.textContent = points(sum); });
  // What the batch will cost the fund, where the page says what a point is worth.
  const rate = root.closest("[data-rate]");
  if (!rate) return;
  let yuan = root.querySelector("[data-yuan]");
  if (!yuan) {
    yuan = document.createElement("span");
    yuan.dataset.yuan = "";
    root.querySelector(".tick-sum").append(yuan);
  }
  yuan.textContent = "，约合 " + points(Math.round(sum * rate.dataset.rate / 10000)) + " 元";
};
on("change", "[data-ticks]", count);

// ---- tables that sort ----

const sortable = (table) => all("thead th", table).forEach((th, i) => {
  if (!th.textContent.trim()) return;
  const press = document.createElement("button");
  press.type = "button";
  press.className = "th-sort";
  press.textContent = th.textContent;
  th.textContent = "";
  th.append(press);
  press.addEventListener("click", () => {
    const numeric = th.classList.contains("n");
    const was = th.getAttribute("aria-sort");
    const down = was ? was === "ascending" : numeric; // figures: the largest first
    const key = (tr) => {
      const td = tr.cells[i];
      const raw = td ? td.dataset.value || td.textContent.trim() : "";
      if (!numeric) return raw;
      const n = parseFloat(raw.replace(/[,+%]/g, "").replace("−", "-"));
      return isNaN(n) ? -Infinity : n; // a dash is less than any figure
    };
    const order = (a, b) => (numeric ? (a < b ? -1 : a > b ? 1 : 0) : a.localeCompare(b, "zh-CN"));
    const rows = all("tbody tr", table).map((tr) => [key(tr), tr]);
    rows.sort((a, b) => (down ? -1 : 1) * order(a[0], b[0]));
    rows.forEach(([, tr]) => table.tBodies[0].append(tr));
    all("thead th", table).forEach((h) => h.removeAttribute("aria-sort"));
    th.setAttribute("aria-sort", down ? "descending" : "ascending");
  });
});

// ---- waiting: refresh and countdown ----

// Ten minutes at most, and slower after every failure: a forgotten page must
// not knock for ever.
const refresh = (el, until = Date.now() + 600000, fails = 0) => {
  const pause = Math.max(1, parseFloat(el.dataset.refresh) || 3) * 1000 * Math.min(2 ** fails, 16);
  setTimeout(async () => {
    if (!el.isConnected || Date.now() > until) return;
    if (document.hidden) return refresh(el, until, fails);
    try {
      const r = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await r.text(), "text/html");
      const fresh = page.getElementById(el.id);
      if (!r.ok || !fresh) throw new Error("no " + el.id);
      el.replaceWith(fresh);
      wake(fresh);
      if ("refresh" in fresh.dataset) refresh(fresh, until);
    } catch (_) {
      refresh(el, until, fails + 1);
    }
  }, pause);
};

const countdown = (el) => {
  const end = Date.now() + cents(el.dataset.countdown) * 10;
  const left = el.querySelector("[data-left]");
  const tick = () => {
    const s = Math.ceil((end - Date.now()) / 1000);
    if (s <= 0) { el.hidden = true; return; }
    if (left) left.textContent = (s > 90 ? Math.floor(s / 60) + " 分 " + (s % 60) : s) + " 秒";
    setTimeout(tick, 250);
  };
  tick();
};

// ---- saying a number aloud ----

const sound = () => { try { return localStorage.getItem("sound") === "on"; } catch (_) { return false; } };
// Figures and their unit only. A name is never read out in a room full of people.
const speak = (text) => {
  if (!sound() || !window.speechSynthesis) return;
  const only = (text.match(/[−-]?[\d,.]+\s*分?|够|不够|剩/g) || []).join(" ");
  if (!only) return;
  const say = new SpeechSynthesisUtterance(only.replace("−", "负").replace(/,/g, ""));
  say.lang = "zh-CN";
  speechSynthesis.speak(say);
};
const soundFace = (b) => { b.textContent = sound() ? "关掉声音" : "打开声音"; b.setAttribute("aria-pressed", sound()); };
on("click", "[data-sound]", (b) => {
  try { localStorage.setItem("sound", sound() ? "off" : "on"); } catch (_) { return; }
  all("[data-sound]").forEach(soundFace);
});

// ---- the till ----

// One keyboard serves two ends: a gun types a card's code in a burst and ends
// with Enter, a clerk presses one digit to pick an item. A digit therefore
// waits a moment to see whether a burst follows.
const BURST = 60; // milliseconds between keys; guns need 5 to 30, fingers 100 and more

const till = (root) => {
  const scan = root.querySelector(".scan");
  const form = root.querySelector("[data-till-cart]");
  const goods = form ? all("[data-good]", form).filter((g) => g.querySelector("input")) : [];
  const served = !!form && form.dataset.balance !== "";
  const qty = (g) => parseInt(g.querySelector("input").value, 10) || 0;
  const picked = goods.filter((g) => qty(g) > 0); // goods in the order of picking, for Backspace and ±
  const note = root.querySelector("[data-cart-say]");
  const tell = (text) => { if (note) { note.textContent = text; } };

  // A second person who vouches takes the place of the 取货密码.
  const face = form && form.querySelector("[data-face]");
  const faced = () => !!face && face.value.trim() !== "";
  const total = () => goods.reduce((s, g) => s + qty(g) * cents(g.dataset.price), 0);
  const draw = (first) => {
    const lines = root.querySelector("[data-cart-lines]");
    const chosen = goods.filter((g) => qty(g) > 0);
    goods.forEach((g) => g.classList.toggle("in", qty(g) > 0));
    if (lines) lines.replaceChildren(...chosen.map(line));
    all(".till-cart", root).forEach((c) => c.classList.toggle("filled", chosen.length > 0));
    const left = cents(form.dataset.balance) - total();
    all("[data-cart-total]", root).forEach((o) => { o.textContent = points(total()); });
    all("[data-cart-left]", root).forEach((o) => {
      o.textContent = points(left);
      if (o.closest(".sum")) o.closest(".sum").classList.toggle("short", left < 0);
    });
    // Small exchanges need no 取货密码; how small, the page says.
    all("[data-pin-over]", form).forEach((f) => { f.required = !faced() && total() > cents(f.dataset.pinOver); });
    // What the server said stays until the cart changes.
    if (first === true && note && note.textContent.trim()) return;
    tell(left < 0 ? "还差 " + points(-left) + " 分，请减一样" : "");
  };
  const line = (g) => {
    const row = document.createElement("div");
    row.className = "cart-line";
    const name = document.createElement("span");
    name.textContent = g.dataset.name;
    const step = document.createElement("span");
    step.className = "step-qty";
    step.append(knob("−", "少一个 " + g.dataset.name, () => change(g, -1)), "×" + qty(g), knob("+", "多一个 " + g.dataset.name, () => change(g, 1)));
    const sum = document.createElement("b");
    sum.textContent = points(qty(g) * cents(g.dataset.price));
    row.append(name, step, sum);
    return row;
  };
  const knob = (face, label, act) => {
    const b = document.createElement("button");
    b.type = "button";
    b.textContent = face;
    b.setAttribute("aria-label", label);
    b.addEventListener("click", act);
    return b;
  };
  const change = (g, by) => {
    if (!g || !served) return;
    const most = g.dataset.max === "" || g.dataset.max === undefined ? 99 : parseInt(g.dataset.max, 10);
    const next = qty(g) + by;
    if (next > most) return tell(g.dataset.name + "只剩 " + most + " 了");
    g.querySelector("input").value = Math.max(0, next);
    const at = picked.indexOf(g);
    if (at >= 0) picked.splice(at, 1);
    if (next > 0) picked.push(g);
    draw();
    home();
  };
  // On a touch screen focus would raise the keyboard over the goods; a gun's
  // first key brings it back there.
  const touch = window.matchMedia("(pointer: coarse)").matches;
  const home = (typed) => { if (scan && (typed || !touch)) scan.focus({ preventScroll: true }); };

  goods.forEach((g) => {
    g.addEventListener("click", (e) => { if (!e.target.closest("input")) { e.preventDefault(); change(g, 1); } });
    g.querySelector("input").addEventListener("change", draw);
  });
  if (form) {
    form.addEventListener("submit", (e) => {
      if (!goods.length || goods.some((g) => qty(g) > 0)) return;
      e.preventDefault();
      e.stopPropagation(); // nothing was sent, so the button stays alive
      tell("还没有选东西，按数字键选一样");
    });
    if (face) face.addEventListener("input", draw);
    draw(true);
  }

  let held = ""; // digits waiting to be known as a pick or as a burst
  let timer = 0;
  let last = 0;
  const release = () => {
    const key = held;
    held = "";
    if (key.length === 1) change(goods.find((g) => g.dataset.key === key), 1);
    else if (key) scan.value += key;
  };
  document.addEventListener("keydown", (e) => {
    if (e.isComposing || e.ctrlKey || e.altKey || e.metaKey) return;
    const at = document.activeElement;
    if (e.key === "F2" && face) {
      e.preventDefault();
      face.closest("details").open = true;
      return face.focus();
    }
    if (at && at !== scan && at.matches("input, select, textarea, button, a, summary") && !(e.key === "Escape")) return;
    if (e.key === "Escape") {
      e.preventDefault();
      if (at && at !== scan && at.matches("input")) return home();
      location.href = root.dataset.next || location.pathname;
      return;
    }
    const key = e.key.normalize("NFKC");
    const quick = e.timeStamp - last < BURST;
    last = e.timeStamp;
    const empty = !scan || scan.value === "";
    if (served && /^[0-9]$/.test(key) && empty) {
      e.preventDefault();
      clearTimeout(timer);
      if (held && !quick) release();
      held += key;
      timer = setTimeout(release, BURST);
    } else if (key === "Enter") {
      clearTimeout(timer);
      if (held.length > 1) { scan.value += held; held = ""; }
      release();
      // The gun has read what lies on the table, not a card.
      const item = served && scan && scan.value && goods.find((g) => g.dataset.code && g.dataset.code === fold(scan.value));
      if (item) { e.preventDefault(); scan.value = ""; return change(item, 1); }
      if (scan && scan.value) {
        if (!picked.length && at === scan) return; // the scan field's own form goes on
        e.preventDefault();
        if (!picked.length) return scan.form.querySelector("button") ? scan.form.querySelector("button").click() : scan.form.submit();
        scan.value = "";
        return tell("这一单还没确认：先按回车确认，或按 Esc 换下一户");
      }
      e.preventDefault();
      if (!form && root.dataset.next && !quick) { location.href = root.dataset.next; return; }
      // The household's turn: the cursor goes where its 取货密码 is typed.
      const ask = form && form.querySelector("[data-pin-over]");
      if (served && !quick && ask && ask.required && !ask.value) { ask.focus(); return tell("请村民输入取货密码，再按回车"); }
      // An Enter on the heels of other keys is the gun's, not the clerk's.
      if (form && served && !quick) form.requestSubmit ? form.requestSubmit() : form.querySelector(".btn").click();
    } else if (served && empty && (key === "+" || key === "=")) {
      e.preventDefault();
      change(picked[picked.length - 1], 1);
    } else if (served && empty && (key === "-" || key === "Backspace")) {
      e.preventDefault();
      change(picked[picked.length - 1], -1);
    } else if (key.length === 1) {
      clearTimeout(timer);
      if (held && scan) { scan.value += held; held = ""; }
      if (at !== scan) home(true);
    }
  });
  // After a wrong 取货密码 the household types again; else the next card comes.
  const first = root.querySelector("[data-first]");
  if (first) first.focus();
  else home();
};

// ---- picking goods on one's own phone ----

// Knobs beside each number, large enough for a thumb, and what it comes to. An
// empty balance is somebody who has not said yet who they are.
const pick = (form) => {
  const goods = all("[data-price]", form);
  const qty = (g) => Math.max(0, parseInt(g.querySelector("input[type=number]").value, 10) || 0);
  const draw = () => {
    const total = goods.reduce((s, g) => s + qty(g) * cents(g.dataset.price), 0);
    const left = cents(form.dataset.balance) - total;
    const known = form.dataset.balance !== "";
    goods.forEach((g) => g.classList.toggle("in", qty(g) > 0));
    all("[data-pick-total]", form).forEach((o) => { o.textContent = points(total); });
    all("[data-pick-left]", form).forEach((o) => { o.textContent = points(left); });
    all(".pick-sum", form).forEach((o) => o.classList.toggle("short", known && left < 0));
  };
  const knob = (g, face, label, by) => {
    const b = document.createElement("button");
    b.type = "button";
    b.className = "step";
    b.textContent = face;
    b.setAttribute("aria-label", label + g.querySelector("b").textContent);
    b.addEventListener("click", () => {
      const field = g.querySelector("input[type=number]");
      field.value = Math.min(Math.max(0, qty(g) + by), parseInt(field.max, 10) || 99);
      draw();
    });
    return b;
  };
  goods.forEach((g) => {
    const field = g.querySelector("input[type=number]");
    const label = field.closest("label");
    const row = document.createElement("div");
    row.className = "pick-row";
    label.after(row);
    row.append(knob(g, "−", "少一个 ", -1), label, knob(g, "+", "多一个 ", 1));
    field.addEventListener("input", draw);
  });
  draw();
};

// ---- wake a page, or a piece of one that was just fetched ----

const wake = (root) => {
  all("[data-scripted], [data-print], [data-copy]", root).forEach(show);
  if (window.speechSynthesis) all("[data-sound]", root).forEach((b) => { show(b); soundFace(b); });
  all("[data-ticks]", root).forEach(count);
  all("table[data-sort]", root).forEach(sortable);
  all("[data-countdown]", root).forEach(countdown);
  all("[data-speak]", root).forEach((el) => speak(el.dataset.speak));
  all("[data-till]", root).forEach(till);
  all("[data-pick]", root).forEach(pick);
};
wake(document);
all("[data-refresh]").forEach((el) => refresh(el));
