// The review by keyboard. Without this file every decision is a form of its own
// that comes back to the page; with it a decision is sent in place and the next
// case is at hand.
"use strict";

(() => {
  const cases = () => Array.from(document.querySelectorAll("[data-case]"));
  const typing = () => document.activeElement && document.activeElement.matches("input, select, textarea");
  let now = null;
  let meant = ""; // the decision whose reason is being typed

  const select = (c, scroll) => {
    if (now) now.classList.remove("cur");
    now = c || null;
    meant = "";
    if (!now) return;
    now.classList.add("cur");
    if (scroll) now.scrollIntoView({ block: "center" });
  };
  const step = (by) => {
    const list = cases();
    if (!list.length) return select(null);
    const at = list.indexOf(now);
    select(list[Math.min(Math.max(at + by, 0), list.length - 1)], true);
  };
  const say = (c, text) => { c.querySelector("[data-say]").textContent = text; };

  const settle = (c, form, answer) => {
    const list = cases();
    const next = list[list.indexOf(c) + 1] || list.find((o) => o !== c);
    const p = document.createElement("p");
    const tag = document.createElement("span");
    tag.className = "tag " + answer.kind;
    tag.textContent = answer.done;
    p.append(tag, " " + answer.text);
    const how = form.parentNode;
    say(c, "");
    if (document.querySelector("[data-redo]")) {
      // The meeting may think again until it ends: the same form, as a new
      // operation.
      const again = document.createElement("details");
      const summary = document.createElement("summary");
      summary.textContent = "改主意";
      form.querySelector("[name=op]").value = Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
      again.append(summary, form);
      how.replaceChildren(p, again);
    } else {
      how.replaceChildren(p);
    }
    c.classList.add("decided");
    c.removeAttribute("data-case");
    // The button for all that are alike speaks of those that are left.
    const group = c.closest("[data-group]");
    const id = form.querySelector("[name=award]").value;
    group.querySelectorAll('[data-rest] [name=award]').forEach((i) => { if (i.value === id) i.remove(); });
    progress();
    select(next, true);
  };

  // The page may hold only the next cases of many, so what the server counted is
  // carried on from.
  const decided = () => document.querySelectorAll(".case.decided").length;
  const bar = document.querySelector("[data-progress] progress");
  const before = (bar ? bar.value : 0) - decided();
  const progress = () => {
    const done = before + decided();
    document.querySelectorAll("[data-done]").forEach((el) => { el.textContent = done; });
    if (bar) bar.value = done;
    document.querySelectorAll("[data-group]").forEach((g) => {
      const left = g.querySelectorAll("[data-case]").length;
      g.querySelectorAll("[data-left]").forEach((el) => { el.textContent = left ? "还有 " + left + " 件" : "议完了"; });
      g.querySelectorAll("[data-rest]").forEach((f) => {
        const n = f.querySelectorAll("[name=award]").length;
        const press = f.querySelector("button");
        f.hidden = n < 2;
        press.textContent = "这 " + n + " 件都通过";
        press.dataset.confirm = "这一项下面没有定的 " + n + " 件都通过，确定吗？";
      });
    });
  };

  // The operation id is the form's own, so that sending again after a cut line
  // cannot decide twice.
  const send = async (c, form, body) => {
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    say(c, "正在保存…");
    try {
      const r = await fetch(form.action, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" } });
      const answer = await r.json();
      if (r.ok) return settle(c, form, answer);
      say(c, answer.error.say || "没有保存，请再按一次");
      if (answer.error.field === "reason") form.querySelector("[data-why]").focus();
    } catch (_) {
      say(c, "网断了，这一件还没有保存；连上以后再按一次（不会重复）");
    } finally {
      delete form.dataset.busy;
    }
  };
  const decide = (c, outcome) => {
    const form = c.querySelector("form");
    const why = form.querySelector("[data-why]");
    const press = form.querySelector('button[value="' + outcome + '"]');
    if (!press) return;
    if (outcome !== "pass" && !why.value.trim()) {
      meant = outcome;
      say(c, "写一句理由，按回车保存");
      return why.focus();
    }
    const body = new URLSearchParams(new FormData(form));
    body.set("outcome", outcome);
    send(c, form, body);
  };

  document.addEventListener("click", (e) => {
    const c = e.target.closest("[data-case]");
    if (!c) return;
    if (c !== now) select(c);
    const press = e.target.closest('button[name="outcome"]');
    if (!press) return;
    e.preventDefault();
    decide(c, press.value);
  });
  document.addEventListener("focusin", (e) => {
    const c = e.target.closest && e.target.closest("[data-case]");
    if (c && c !== now) select(c);
  });
  document.addEventListener("keydown", (e) => {
    if (e.isComposing || e.ctrlKey || e.altKey || e.metaKey || !now) return;
    const key = e.key.normalize("NFKC");
    if (typing()) {
      if (key === "Escape") return document.activeElement.blur();
      if (key !== "Enter" || !now.contains(document.activeElement) || document.activeElement.matches("select")) return;
      e.preventDefault();
      const why = now.querySelector("[data-why]");
      const outcome = meant || (why && why.value.trim() ? "" : "pass");
      if (!outcome) return say(now, "按 2 不通过，按 3 退回；先按 Esc 离开理由框");
      document.activeElement.blur();
      return decide(now, outcome);
    }
    const act = { 1: "pass", 2: "refuse", 3: "back" }[key];
    if (act) { e.preventDefault(); decide(now, act); }
    else if (key === "ArrowDown" || key === "j") { e.preventDefault(); step(1); }
    else if (key === "ArrowUp" || key === "k") { e.preventDefault(); step(-1); }
    else if (key === "q") { const fit = now.querySelector("[data-fit]"); if (fit) { e.preventDefault(); fit.focus(); if (fit.select) fit.select(); } }
  });
  select(cases()[0]);
})();
