// The inspection round on a phone. The page is loaded once; every tap is kept on
// the phone at once and sent, many together, when there is a signal. A tap has an
// id of its own and a batch has one too, so whatever the network loses or doubles,
// each door is counted once. A tap leaves the phone only when the server has said
// what became of it.
"use strict";

(() => {
  const root = document.getElementById("round");
  if (!root) return;
  const $ = (id) => document.getElementById(id);
  const form = $("round-form"), card = $("round-door"), net = $("round-net"), lost = $("round-lost"), last = $("round-last");
  const me = root.dataset.account;
  const home = "round/" + root.dataset.round + "/" + me + "/";
  const UNDO = 30000; // so long a tap can be taken back, and is not sent
  const MOST = 100; // doors in one batch
  const LONGEST = 60000; // between two tries
  const PATIENCE = 20000; // for an answer, on a line that may be dead

  // ---- what the phone keeps ----

  const memory = new Map(); // where a browser keeps nothing, as long as the page is open
  let kept = true;
  const store = {
    set(k, v) {
      memory.set(k, v);
      try { localStorage.setItem(k, JSON.stringify(v)); } catch (_) { kept = false; }
    },
    get(k) {
      try {
        const v = localStorage.getItem(k);
        if (v !== null) return JSON.parse(v);
      } catch (_) { kept = false; }
      return memory.get(k) || null;
    },
    drop(k) {
      memory.delete(k);
      try { localStorage.removeItem(k); } catch (_) { kept = false; }
    },
    keys() {
      const all = new Set(memory.keys());
      try { for (let i = 0; i < localStorage.length; i++) all.add(localStorage.key(i)); } catch (_) { kept = false; }
      return Array.from(all);
    },
  };
  const newID = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
  const tapKey = (id) => home + id;
  const batchKey = home + "+batch";
  const tapOf = (id) => store.get(tapKey(id));
  const waiting = () => store.keys().filter((k) => k.startsWith(home) && k !== batchKey).map((k) => k.slice(home.length));

  // ---- the doors ----

  let lane = ""; // said once, where it begins
  const doors = Array.from(document.querySelectorAll("#round-doors li")).map((li) => {
    const a = li.querySelector("a"), tag = li.querySelector(".tag"), [initials, scan] = li.dataset.s.split("/");
    if ("a" in li.dataset) lane = li.dataset.a;
    return {
      id: new URLSearchParams(a.search).get("door"), li, name: a.textContent, at: lane, last: li.dataset.l || "",
      result: tag ? tag.dataset.r : "", title: tag ? tag.textContent : "",
      own: !!li.dataset.o, empty: !!li.dataset.e, search: (initials + " " + a.textContent).toLowerCase(), scan,
    };
  });
  const byID = new Map(doors.map((d) => [d.id, d]));
  const label = (d) => d.name;
  const open = (r) => r === "" || r === "away" || r === "handed";
  const resultOf = (d) => { const t = tapOf(d.id); return t ? t.result : d.result; };
  let now = null, previous = null;

  // next is the nearest door ahead that nobody has seen; those to come back to
  // wait until the others are through.
  const next = () => {
    const from = doors.indexOf(now) + 1;
    const way = doors.slice(from).concat(doors.slice(0, from));
    return way.find((d) => resultOf(d) === "" && !d.own && !d.empty) ||
      way.find((d) => d !== now && resultOf(d) === "away" && !d.own) || null;
  };

  const face = (name, text) => {
    const el = card.querySelector("[data-f=" + name + "]");
    el.textContent = text;
    el.hidden = !text;
  };
  const go = (d) => {
    now = d;
    card.hidden = !d;
    form.classList.toggle("over", !d);
    form.dataset.door = d ? d.id : "";
    if (!d) return;
    const tap = tapOf(d.id);
    face("at", d.at);
    face("last", d.last && "上次：" + d.last);
    face("who", label(d));
    face("now", tap ? "已点 " + tap.title : d.title);
    $("round-own").hidden = !d.own;
    form.querySelectorAll(".rule").forEach((b) => { b.hidden = d.own && b.dataset.result !== "handed"; });
    $("round-say").hidden = d.own;
    if ($("round-table")) $("round-table").hidden = d.own;
    form.querySelectorAll(".sel").forEach((b) => b.classList.remove("sel"));
    const chosen = form.querySelector('[data-result="' + (resultOf(d) || "none") + '"]');
    if (chosen) chosen.classList.add("sel");
    $("round-note").value = tap ? tap.note : "";
    $("round-why").textContent = "";
    counts.clear();
    if (tap && tap.faults) tap.faults.split(" ").forEach((n) => counts.set(n, (counts.get(n) || 0) + 1));
    score();
  };

  // ---- full marks minus faults ----

  const counts = new Map(); // number of a fault → how often it was found
  const faults = () => Array.from(counts).flatMap(([n, times]) => Array(times).fill(n)).join(" ");
  const cents = (s) => Math.round(parseFloat(s) * 100);
  let left = 0;
  const score = () => {
    if (!root.dataset.full) return;
    left = cents(root.dataset.full);
    document.querySelectorAll(".fault").forEach((f) => {
      const n = counts.get(f.dataset.number) || 0;
      left -= n * cents(f.dataset.cost);
      f.querySelector("input").checked = n > 0;
      f.querySelector("output").textContent = n > 0 ? "×" + n : "";
      f.querySelector(".less").hidden = n === 0;
    });
    left = Math.max(left, 0) / 100;
    $("round-score").textContent = left;
  };
  document.querySelectorAll(".fault").forEach((f) => {
    const n = f.dataset.number;
    const times = document.createElement("output");
    const less = document.createElement("button");
    less.type = "button";
    less.className = "btn plain less";
    less.textContent = "减一处";
    less.addEventListener("click", () => {
      counts.set(n, counts.get(n) - 1);
      if (!counts.get(n)) counts.delete(n);
      score();
    });
    f.append(times, less);
    f.querySelector("input").addEventListener("change", () => { counts.set(n, (counts.get(n) || 0) + 1); score(); });
  });

  // ---- one tap ----

  const keep = (d, seen) => store.set(tapKey(d.id), Object.assign({ tap: newID(), at: Date.now() }, seen));
  const tap = (b) => {
    const note = $("round-note");
    if ("why" in b.dataset && !note.value.trim()) {
      $("round-why").textContent = "扣分要写明原因，写好再点一次“" + b.dataset.title + "”。";
      note.focus();
      return;
    }
    const result = b.dataset.result, scored = result === "score";
    keep(now, {
      result, note: note.value.trim(), faults: scored ? faults() : "",
      title: scored ? left + " 分" : b.dataset.title, points: !scored && /^[+−-]/.test(b.dataset.points || "") ? b.dataset.points : "",
    });
    // Whoever walks hands their own doors over, so that colleagues find them listed.
    doors.filter((d) => d.own && resultOf(d) === "").forEach((d) => keep(d, { result: "handed", note: "", faults: "", title: "请同事记", points: "" }));
    previous = now;
    go(next());
    draw();
    window.scrollTo(0, 0);
    soon(UNDO + 500);
  };
  if (form) {
    form.addEventListener("submit", (e) => { e.preventDefault(); e.stopPropagation(); });
    form.addEventListener("click", (e) => {
      const b = e.target.closest("[data-result]");
      if (!b) return;
      e.preventDefault();
      tap(b);
    });
    $("round-note").addEventListener("keydown", (e) => { if (e.key === "Enter") e.preventDefault(); });
    $("round-doors").addEventListener("click", (e) => {
      const a = e.target.closest("a");
      if (!a) return;
      e.preventDefault();
      go(doors.find((d) => d.li === a.closest("li")));
      draw();
      window.scrollTo(0, 0);
    });
  }

  const inBatch = (id) => { const b = store.get(batchKey), t = tapOf(id); return !!(b && t && b.taps[id] === t.tap); };
  const age = (t) => { const ms = Date.now() - t.at; return ms < 0 ? UNDO : ms; }; // a phone's clock may be set back
  const fresh = (id) => { const t = tapOf(id); return !!t && !inBatch(id) && age(t) < UNDO; };
  if (last) last.querySelector("button").addEventListener("click", () => {
    if (!previous || !fresh(previous.id)) return;
    store.drop(tapKey(previous.id));
    go(previous);
    previous = null;
    draw();
  });

  // ---- what the page says ----

  const p = (...parts) => {
    const el = document.createElement("p");
    el.append(...parts);
    return el;
  };
  const press = (text, act, plain) => {
    const b = document.createElement("button");
    b.type = "button";
    b.className = "btn" + (plain ? " plain" : "") + " slim";
    b.textContent = text;
    b.addEventListener("click", act);
    return b;
  };
  const link = (text, href) => {
    const a = document.createElement("a");
    a.href = href;
    a.textContent = text;
    return a;
  };

  let trouble = ""; // why the last try came to nothing: "", offline, expired, other, or the server's own words
  let busy = false;
  const refusals = new Map(); // door → what the server said instead of saving

  const draw = () => {
    const ids = waiting();
    const done = doors.filter((d) => !open(d.result)).length;
    const walked = doors.filter((d) => !open(resultOf(d))).length;
    $("round-done").textContent = walked;
    if ($("round-progress")) $("round-progress").value = walked;
    doors.forEach((d) => {
      const t = tapOf(d.id);
      let tag = d.li.querySelector(".tag");
      const text = t ? t.title : d.title;
      if (!text) { if (tag) tag.remove(); } else {
        if (!tag) { tag = document.createElement("span"); d.li.append(tag); }
        tag.textContent = text + (t ? "（在手机里）" : "");
        tag.className = "tag " + (t ? "wait" : "ok");
      }
      d.li.dataset.state = t ? "phone" : d.result ? "saved" : "";
      if (d === now) d.li.querySelector("a").setAttribute("aria-current", "true"); else d.li.querySelector("a").removeAttribute("aria-current");
    });
    const n = ids.length;
    const say = (kind, ...parts) => { net.hidden = false; net.className = "say " + kind; net.replaceChildren(...parts); };
    const body = (text) => { const s = document.createElement("div"); s.append(text); return s; };
    if (!n) {
      if (done) say("ok", body("记过的 " + done + " 户都已存到村里的系统。"));
      else say("info", body("点一下就记，自动到下一户；没有信号也能记。"));
    } else if (trouble === "offline") {
      say("wait", body(p("没有信号：" + n + " 户已记在手机里，有信号时自动补传，请别关这一页。")));
    } else if (trouble === "expired") {
      say("bad", body(p("登录已过期：" + n + " 户还在手机里，没有丢。", link("重新登录", root.dataset.signin), "后自动补传。")));
    } else if (trouble === "other") {
      say("bad", body(p("这部手机现在登录的是别人：您的 " + n + " 户还在手机里。请用您自己的账号", link("登录", root.dataset.signin), "，再打开这一轮。")));
    } else if (trouble) {
      say("bad", body(p(trouble), p(n + " 户还在手机里，没有丢。")), press("再试一次", () => flush(true), true));
    } else {
      say("info", body(n + " 户记在手机里，" + (busy ? "正在上传…" : "马上自动上传。")), press("现在上传", () => flush(true), true));
    }
    if (!kept && n) net.firstChild.append(p("这部手机不让网页存东西，传完以前千万别关这一页。"));
    drawLost();
    drawLast();
  };

  const drawLost = () => {
    const rows = [];
    refusals.forEach((s, id) => {
      const d = byID.get(id);
      const who = d ? label(d) : "";
      const text = s.outcome === "already" ? (s.by ? s.by + "已记" : "已经记过") + "“" + s.title + "”，以先记的为准" : s.say;
      rows.push(p(who + "：" + text + " ", press("知道了", () => { refusals.delete(id); draw(); }, true)));
    });
    if (!next() && doors.length) {
      const away = doors.filter((d) => resultOf(d) === "away").length, mine = doors.filter((d) => d.own && open(resultOf(d))).length;
      rows.push(p("能记的都记完了。" + (away ? "无人的 " + away + " 户要回头看。" : "") + (mine ? "自家、亲属家 " + mine + " 户要请同事记。" : ""), link("看汇总、结束这一轮", root.dataset.sum)));
    }
    // What somebody else, or an earlier round, has left on this phone.
    const others = new Map();
    store.keys().forEach((k) => {
      const m = /^round\/([^/]+)\/([^/]+)\/[^+]/.exec(k);
      if (m && !k.startsWith(home)) others.set(m[1] + "/" + m[2], (others.get(m[1] + "/" + m[2]) || 0) + 1);
    });
    others.forEach((n, key) => {
      const [round, who] = key.split("/");
      if (who !== me) rows.push(p("这部手机里还有另一个账号没传完的 " + n + " 户，请本人登录后打开那一轮。"));
      else rows.push(p("另一轮还有 " + n + " 户没传完：", link("打开那一轮", location.pathname.replace(root.dataset.round, round) + location.search)));
    });
    lost.hidden = !rows.length;
    lost.replaceChildren(...rows);
  };

  // A poor door wants a word why, which can still be added to the tap.
  const chips = $("round-chips");
  if (chips) chips.append(...Array.from(document.querySelectorAll("#round-reasons option"), (o) => press(o.value, () => {
    const t = previous && tapOf(previous.id);
    if (!t || !fresh(previous.id) || t.note.includes(o.value)) return;
    t.note = t.note ? t.note + "、" + o.value : o.value;
    store.set(tapKey(previous.id), t);
    drawLast();
  }, true)));

  const drawLast = () => {
    if (!last) return;
    const t = previous && tapOf(previous.id);
    last.hidden = !previous;
    if (!previous) return;
    const undo = last.querySelector("button"), can = fresh(previous.id);
    undo.hidden = !can;
    chips.hidden = !can || t.result !== "poor";
    last.querySelector("b").textContent = t ? "已记 " + t.title + (t.points ? " " + t.points : "") : previous.title ? "已存 " + previous.title : "没有记";
    last.querySelector(".muted").textContent = label(previous) + (t && t.note ? " · " + t.note : "");
    undo.textContent = can ? "撤回 " + Math.ceil((UNDO - age(t)) / 1000) + " 秒" : "撤回";
  };
  setInterval(drawLast, 500);

  // ---- sending ----

  let timer = 0, fails = 0, asked = false;
  const soon = (ms) => { clearTimeout(timer); timer = setTimeout(flush, ms); };

  // batch freezes what is sent together: sent again, it is the very same.
  const batch = (all) => {
    const old = store.get(batchKey);
    if (old) return old;
    const ids = waiting().filter((id) => all || !fresh(id)).slice(0, MOST);
    if (!ids.length) return null;
    const b = { op: newID(), taps: {}, body: { result: {}, note: {}, faults: {}, tap: {}, at: {} } };
    ids.forEach((id) => {
      const t = tapOf(id);
      b.taps[id] = t.tap;
      b.body.result[id] = t.result;
      b.body.tap[id] = t.tap;
      b.body.at[id] = t.at;
      if (t.note) b.body.note[id] = t.note;
      if (t.faults) b.body.faults[id] = t.faults;
    });
    b.body.op = b.op;
    store.set(batchKey, b);
    return b;
  };

  const took = (b, answer) => {
    Object.keys(b.taps).forEach((id) => {
      const s = answer.doors[id], t = tapOf(id), d = byID.get(id);
      if (!s) return; // no word about it: it stays
      if (t && t.tap === b.taps[id]) store.drop(tapKey(id));
      if (d && s.outcome !== "refused") { d.result = s.result; d.title = s.title; }
      if (s.outcome === "refused" || s.outcome === "already" && t && s.result !== t.result || s.say) refusals.set(id, s);
    });
    store.drop(batchKey);
  };

  const post = async (b) => {
    const stop = new AbortController();
    const clock = setTimeout(() => stop.abort(), PATIENCE);
    try {
      return await fetch(form ? form.action : location.href, {
        method: "POST", credentials: "same-origin", signal: stop.signal, body: JSON.stringify(b.body),
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": token() },
      });
    } finally {
      clearTimeout(clock);
    }
  };

  const token = () => (document.querySelector("input[name=csrf]") || {}).value || "";
  // renew fetches the page again for its token, after another sign-in made the
  // old one worthless: true when it is still the same person.
  const renew = async () => {
    const r = await fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await r.text(), "text/html");
    const other = page.getElementById("round"), fresh = page.querySelector("input[name=csrf]");
    if (!other || !fresh) { trouble = "expired"; return false; }
    if (other.dataset.account !== me) { trouble = "other"; return false; }
    document.querySelectorAll("input[name=csrf]").forEach((i) => { i.value = fresh.value; });
    return true;
  };

  const flush = async (all) => {
    if (all === true) asked = true;
    if (busy) return;
    const b = batch(asked);
    if (!b) { asked = false; again(); return; }
    busy = true;
    draw();
    let wait = 0;
    trouble = "";
    try {
      let r = await post(b);
      if (r.status === 403 && (await code(r)) === "old_page" && (await renew())) r = await post(b);
      if (r.ok) {
        took(b, await r.json());
        trouble = "";
        fails = 0;
      } else {
        wait = await refused(r, b);
      }
    } catch (_) {
      trouble = "offline";
      wait = pause();
    }
    busy = false;
    draw();
    if (wait) soon(wait);
    else again();
  };

  // again sends what is ripe, or waits until it is.
  const again = () => {
    const ids = waiting();
    if (store.get(batchKey)) soon(0); // what was on its way before this page was opened
    else if (ids.length) soon(asked ? 0 : 500 + Math.max(0, Math.min(...ids.map((id) => UNDO - age(tapOf(id) || { at: 0 })))));
    else asked = false;
  };

  const pause = () => Math.min(LONGEST, 2000 * 2 ** fails++) * (0.8 + Math.random() * 0.4);
  const code = async (r) => { try { return (await r.clone().json()).error.code; } catch (_) { return ""; } };

  // refused says what is wrong and when to try again; nothing is dropped. Content
  // that the server will never take is taken apart, door by door.
  const refused = async (r, b) => {
    let said = "";
    try { said = (await r.json()).error.say; } catch (_) { /* a proxy's own page */ }
    if (r.status === 401) {
      trouble = "expired";
    } else if (r.status === 403 && (trouble === "expired" || trouble === "other")) {
      return LONGEST; // renew has found out
    } else if (r.status >= 500 || r.status === 429 || r.status === 408) {
      trouble = "offline";
      return Math.max(pause(), 1000 * (parseFloat(r.headers.get("Retry-After")) || 0));
    } else {
      trouble = said || "没有传上去，请刷新这一页再试。";
      if (r.status === 422 && Object.keys(b.taps).length >= 1) store.drop(batchKey); // the next try is a new batch; its taps keep their ids
    }
    return LONGEST;
  };

  window.addEventListener("online", () => { fails = 0; flush(true); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) flush(true); else draw(); });
  window.addEventListener("storage", (e) => { if (e.key && e.key.startsWith(home)) draw(); });
  window.addEventListener("beforeunload", (e) => { if (!kept && waiting().length) e.preventDefault(); });

  // ---- finding a door: by number, name, initials, or its code ----

  const q = $("round-q");
  const found = (text) => {
    const want = text.normalize("NFKC").trim().toLowerCase();
    if (!want) return null;
    return doors.find((d) => (" " + d.search + " ").includes(" " + want + " ") || d.search.endsWith("组" + want)) || doors.find((d) => d.search.includes(want)) || null;
  };
  // scanned knows a card by a piece of its hash.
  const scanned = async (text) => {
    const code = text.split(/[/?#]/).pop().toUpperCase().replace(/[^0-9A-Z]/g, "");
    if (code.length < 12 || !window.crypto.subtle) return null;
    const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code)));
    const mark = Array.from(sum.slice(0, 4), (b) => b.toString(16).padStart(2, "0")).join("");
    return doors.find((d) => d.scan === mark) || null;
  };
  const look = async (text) => {
    const d = (await scanned(text)) || found(text);
    if (!d || !form) return false;
    go(d);
    draw();
    window.scrollTo(0, 0);
    return true;
  };
  if (!q) { draw(); again(); return; } // no doors here, but the phone may still hold some
  $("round-find").hidden = !form;
  q.addEventListener("keydown", async (e) => {
    if (e.key !== "Enter" || e.isComposing) return;
    e.preventDefault();
    if (await look(q.value)) q.value = "";
    else { q.setCustomValidity("这一轮里没有找到，换个写法试试"); q.reportValidity(); }
  });
  q.addEventListener("input", () => {
    q.setCustomValidity("");
    const want = q.value.normalize("NFKC").trim().toLowerCase();
    doors.forEach((d) => { d.li.hidden = !!want && !d.search.includes(want); });
    if (want) $("round-list").open = true;
  });

  const camera = $("round-scan"), video = $("round-video");
  if (form && "BarcodeDetector" in window && navigator.mediaDevices) {
    camera.hidden = false;
    camera.addEventListener("click", async () => {
      let stream;
      const stop = () => { if (stream) stream.getTracks().forEach((t) => t.stop()); video.hidden = true; };
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      } catch (_) {
        camera.hidden = true; // no camera, or it was refused: the number does as well
        return;
      }
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
      const eye = new BarcodeDetector({ formats: ["qr_code"] });
      for (const end = Date.now() + 30000; Date.now() < end && !video.hidden; await new Promise((ok) => setTimeout(ok, 200))) {
        const codes = await eye.detect(video).catch(() => []);
        if (codes.length && (await look(codes[0].rawValue))) break;
      }
      stop();
    });
  }

  // ---- begin ----

  $("round-list").open = false; // without the script it is the way to the other doors
  if (form) {
    const asks = new URLSearchParams(location.search).get("door");
    now = doors.length ? doors[doors.length - 1] : null;
    go((asks && byID.get(asks)) || next());
  }
  draw();
  again();
})();
