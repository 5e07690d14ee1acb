// <time data-countdown="2017-12-17T06:00:00Z"> ticks "2 d 09 h 28 min"; with data-countdown-style="blocks" its figures stand in <b>.
(() => {
  const two = (number) => String(number).padStart(2, "0");

  function parts(ms) {
    const minutes = Math.floor(ms / 60000);
    const [d, h, m] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
    if (d) return [[d, "d", "days"], [two(h), "h", "hours"], [two(m), "min", "min"]];
    if (minutes >= 60) return [[h, "h", "hours"], [two(m), "min", "min"]];
    return [[m, "min", "min"], [two(Math.floor(ms / 1000) % 60), "s", "s"]];
  }

  function tick(element) {
    const left = Date.parse(element.dataset.countdown) - Date.now();
    const shown = left > 0 ? parts(left) : null;
    if (element.dataset.countdownStyle !== "blocks") { element.textContent = shown ? shown.map(([n, unit]) => `${n} ${unit}`).join(" ") : "ended"; return; }
    const key = shown ? shown.join() : "ended";
    if (element.dataset.shown === key) return;
    element.dataset.shown = key;
    element.replaceChildren(...(shown || [["Ended", "", ""]]).map(([figure, , unit]) => {
      const [block, strong, small] = ["span", "b", "i"].map((name) => document.createElement(name));
      strong.textContent = figure;
      small.textContent = unit;
      block.append(strong, " ", small);
      return block;
    }));
  }

  const all = () => document.querySelectorAll("[data-countdown]").forEach(tick);
  document.addEventListener("DOMContentLoaded", all);
  document.addEventListener("htmx:load", all);
  setInterval(() => { if (!document.hidden) all(); }, 1000);
})();
