// A wall screen: one slide after the other, for days. It loads itself anew when scripts or styles have changed, a few times a day to begin
// with an empty memory, and when its link was revoked, but never while the server does not answer.
(() => {
  const FRESH_MS = 6 * 60 * 60 * 1000;
  const began = Date.now();
  let shown = "";

  const slidesOf = (root) => [...root.querySelectorAll("[data-slide]")];

  function show(root, id) {
    for (const slide of slidesOf(root)) {
      const on = slide.dataset.slide === id;
      slide.classList.toggle("is-shown", on);
      if (on) slide.removeAttribute("aria-hidden"); else slide.setAttribute("aria-hidden", "true");
    }
    for (const dot of root.querySelectorAll("[data-dot]")) dot.classList.toggle("is-shown", dot.dataset.dot === id);
  }

  // What was shown stays shown when a new state is drawn; a slide that is gone gives way to the first.
  function settle(root) {
    const ids = slidesOf(root).map((slide) => slide.dataset.slide);
    if (!ids.includes(shown)) shown = ids[0];
    show(root, shown);
  }

  const live = () => document.getElementById("wall-live");

  function turn() {
    const ids = slidesOf(live()).map((slide) => slide.dataset.slide);
    shown = ids[(ids.indexOf(shown) + 1) % ids.length];
    show(live(), shown);
    if (live().dataset.assets !== assets || Date.now() - began > FRESH_MS) anew();
    setTimeout(turn, 1000 * Number(live().dataset.seconds));
  }

  async function anew() {
    try { await fetch(location.href, { method: "HEAD", cache: "no-store" }); location.reload(); } catch { /* at the next turn */ }
  }

  async function stayAwake() {
    try { if (!document.hidden) await navigator.wakeLock?.request("screen"); } catch { /* the screen's own settings decide */ }
  }

  let assets;
  document.addEventListener("DOMContentLoaded", () => {
    assets = live().dataset.assets;
    Board.before.push(settle);
    settle(live());
    setTimeout(turn, 1000 * Number(live().dataset.seconds));
    document.body.addEventListener("live:gone", anew);
    document.addEventListener("visibilitychange", stayAwake);
    stayAwake();
  });
})();
