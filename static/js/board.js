// What is seen of a live part when it changes: rows glide to their new places, figures count up, the own row is marked, opened panels stay,
// and one sentence is spoken. live.js brings the new fragment; this draws it.
window.Board = (() => {
  const GLIDE_MS = 420, COUNT_MS = 600, FLASH_MS = 900, CALM_MS = 2000, SPOKEN_MS = 10000, ANEW_MS = 2000;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const before = [];                                   // functions that prepare a new fragment before it is drawn

  // Under which id the viewer's own row stands: the board's own answer, or the person signed in.
  const me = (element) => element?.closest("[data-me]")?.dataset.me ?? document.body.dataset.me ?? "";

  function markOwn(root, own) {
    if (!own) return;
    for (const row of root.querySelectorAll("[data-entrant]")) {
      const mine = row.dataset.entrant === own;
      row.classList.toggle("is-you", mine);
      for (const tag of row.querySelectorAll("[data-you-tag]")) tag.hidden = !mine;
    }
    for (const panel of root.querySelectorAll("[data-panel-of]")) panel.classList.toggle("is-you", panel.dataset.panelOf === own);
  }

  // Opened panels are no part of the server's fragment. A copy of each is put into the new one, so that the morph finds it in its place and
  // keeps the node, with its focus and its scroll.
  function keepPanels(target, fresh) {
    for (const panel of target.querySelectorAll("[data-panel-of]")) {
      const row = fresh.querySelector(`[data-entrant="${CSS.escape(panel.dataset.panelOf)}"]`);
      if (!row) continue;
      row.after(panel.cloneNode(true));
      row.querySelector("[data-why]")?.setAttribute("aria-expanded", "true");
    }
  }

  // 1. Rows glide.

  const glides = new WeakMap();
  const rowsOf = (target) => [...target.querySelectorAll("[data-flip-id]")];

  function look(target) {
    return new Map(rowsOf(target).map((row) => [row.dataset.flipId, {
      top: row.getBoundingClientRect().top, score: row.dataset.score, place: row.dataset.place,
      figures: [...row.querySelectorAll("[data-count]")].map((figure) => { stopCounting(figure); return figure.textContent; }),
    }]));
  }

  function mark(element, name, ms) {
    element.classList.add(name);
    setTimeout(() => element.classList.remove(name), ms);
  }

  function move(seen, target, own) {
    const rows = rowsOf(target);
    for (const row of rows) glides.get(row)?.cancel();
    // All is measured before anything is moved: to measure in between would lay the page out once for each row.
    const tops = rows.map((row) => row.getBoundingClientRect().top);
    rows.forEach((row, at) => {
      const old = seen.get(row.dataset.flipId);
      if (!old) { if (!calm.matches && seen.size) row.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 300 }); return; }
      const scored = old.score !== row.dataset.score;
      if (calm.matches) { if (scored) mark(row, "is-changed", CALM_MS); return; }
      const distance = old.top - tops[at];
      const inSight = Math.min(old.top, tops[at]) < innerHeight && Math.max(old.top, tops[at]) > -100;
      if (Math.abs(distance) > 1 && inSight) glide(row, distance);
      if (scored) {
        setTimeout(() => mark(row, "is-changed", FLASH_MS), Math.abs(distance) > 1 ? GLIDE_MS : 0);
        row.querySelectorAll("[data-count]").forEach((figure, nth) => count(figure, old.figures[nth]));
      }
      if (old.place !== row.dataset.place && row.dataset.entrant === own) row.querySelectorAll(".plate").forEach((plate) => mark(plate, "is-moved", GLIDE_MS));
    });
  }

  function glide(row, distance) {
    row.classList.toggle("is-rising", distance > 0);
    const moving = row.animate([{ transform: `translateY(${distance}px)` }, { transform: "none" }], { duration: GLIDE_MS, easing: "cubic-bezier(.2,.8,.2,1)" });
    glides.set(row, moving);
    moving.onfinish = moving.oncancel = () => row.classList.remove("is-rising");
  }

  // 2. Figures count. What is shown in between is a picture; the last is the text that the server wrote.

  const counting = new WeakMap();
  const NUMBER = /[\u2212-]?[\d,]*\.?\d+/;

  function stopCounting(figure) { cancelAnimationFrame(counting.get(figure)); counting.delete(figure); }

  function count(figure, shown) {
    const last = figure.textContent, [from, to] = [shown, last].map((text) => text?.match(NUMBER)?.[0]);
    if (!from || !to || document.hidden) return;
    const [start, end] = [from, to].map((text) => Number(text.replaceAll(",", "").replace("\u2212", "-")));
    const decimals = (to.split(".")[1] || "").length;
    const format = new Intl.NumberFormat("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    const began = performance.now();
    const step = (at) => {
      const part = Math.min(1, (at - began) / COUNT_MS), eased = 1 - (1 - part) ** 3;
      figure.textContent = part < 1 ? last.replace(NUMBER, format.format(start + (end - start) * eased).replace("-", "\u2212")) : last;
      if (part < 1) counting.set(figure, requestAnimationFrame(step)); else counting.delete(figure);
    };
    counting.set(figure, requestAnimationFrame(step));
  }

  // 3. One polite sentence for all that changed, at most one in ten seconds.

  let spokenAt = 0, timer, spoken = "";
  function speak(text) {
    if (!text || text === spoken) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      [spokenAt, spoken] = [Date.now(), text];
      document.getElementById("announcer").textContent = text;
    }, Math.max(0, spokenAt + SPOKEN_MS - Date.now()));
  }

  function sentence(target, own, cheered) {
    const told = own && target.querySelector(`[data-entrant="${CSS.escape(own)}"]`)?.dataset.told;
    const first = cheered.map((cheer) => cheer.textContent.trim())[0] || (target.dataset.leads || "").replace(/\.$/, "");
    return first ? `${first}${told ? `; you are ${told}` : ""}.` : "";
  }

  const cheersIn = (root) => [...root.querySelectorAll("[data-cheer]")];

  // A board that is read in another way has other tools, other news beside it, and the own row under another id: its page is loaded anew.
  // Thousands may watch, and are not to ask in the same moment.
  let renewing;
  function renew() { renewing ??= setTimeout(() => location.reload(), ANEW_MS * Math.random()); }

  // Draw a new fragment over the old one. The new node, or null where there is nothing to draw: the fragment is an older one, the page is
  // loaded anew, or each has their own rows, which no fragment holds.
  function draw(target, html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const fresh = holder.content.firstElementChild;
    if (!target || !fresh || isOlder(fresh.dataset.version, target.dataset.version)) return null;
    if (fresh.dataset.form !== target.dataset.form) renew();
    if (renewing || "unshared" in fresh.dataset) return null;
    const own = me(target), known = new Set(cheersIn(target).map((cheer) => cheer.dataset.cheer));
    keepPanels(target, holder.content);
    markOwn(holder.content, own);
    for (const prepare of before) prepare(fresh);
    const seen = look(target), [id, at] = [target.id, scrollY];
    Idiomorph.morph(target, fresh, { morphStyle: "outerHTML" });
    const now = document.getElementById(id);
    if (scrollY !== at) scrollTo({ top: at, behavior: "instant" });
    htmx.process(now);
    move(seen, now, own);
    const cheered = cheersIn(now).filter((cheer) => !known.has(cheer.dataset.cheer));
    speak(sentence(now, own, cheered));
    window.celebrate?.(cheered);
    return now;
  }

  // "12-7-2026-11-22" is of an older state than "12-8-2026-11-22": results count first, then settings. Whatever follows has no order.
  function isOlder(one, other) {
    const [a, b] = [one, other].map((stamp) => (stamp?.match(/^\d+(-\d+)?/)?.[0] || "0").split("-").map(Number));
    return a[0] !== b[0] ? a[0] < b[0] : (a[1] ?? 0) < (b[1] ?? 0);
  }

  // The button that opens a panel closes it too.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const entrant = event.detail.elt.dataset?.why;
    if (!entrant) return;
    const panel = document.querySelector(`[data-panel-of="${CSS.escape(entrant)}"]`);
    if (!panel) return;
    event.preventDefault();
    panel.remove();
    event.detail.elt.setAttribute("aria-expanded", "false");
  });
  document.addEventListener("htmx:load", (event) => {
    const panel = event.detail.elt.closest?.("[data-panel-of]");
    if (!panel) return;
    markOwn(panel.parentElement, me(panel));
    document.querySelector(`[data-why="${CSS.escape(panel.dataset.panelOf)}"]`)?.setAttribute("aria-expanded", "true");
  });
  document.addEventListener("DOMContentLoaded", () => {
    for (const rows of document.querySelectorAll("tbody")) markOwn(rows, me(rows));
  });

  return { draw, before, me, isCalm: () => calm.matches };
})();
