// Runs in the head, before the first paint, so that no page flashes in the wrong theme.
(() => {
  const root = document.documentElement;
  const remembered = () => { try { return localStorage.getItem("theme") || "auto"; } catch { return "auto"; } };
  const apply = (theme) => { theme === "auto" ? root.removeAttribute("data-theme") : root.setAttribute("data-theme", theme); };
  const show = () => {
    for (const button of document.querySelectorAll("[data-theme-choice]"))
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === remembered()));
  };

  apply(remembered());
  document.addEventListener("DOMContentLoaded", show);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    try { localStorage.setItem("theme", button.dataset.themeChoice); } catch { /* a private window forgets it, no more */ }
    apply(button.dataset.themeChoice);
    show();
  });
  addEventListener("storage", (event) => { if (event.key === "theme") { apply(remembered()); show(); } });
})();
