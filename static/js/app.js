// The small manners of every page: toasts, menus, filters, opened rows, confirmation.
(() => {
  const on = (type, handler, options) => document.addEventListener(type, handler, options);

  // Toasts go after six seconds, but not while someone reads them with the pointer or the keyboard.
  const TOAST_MS = 6000;
  function watch(toast) {
    let timer;
    const stop = () => clearTimeout(timer);
    const start = () => { stop(); timer = setTimeout(() => toast.remove(), TOAST_MS); };
    for (const type of ["mouseenter", "focusin"]) toast.addEventListener(type, stop);
    for (const type of ["mouseleave", "focusout"]) toast.addEventListener(type, start);
    start();
  }
  function say(text) {
    const toast = document.getElementById("toast-blank").content.firstElementChild.cloneNode(true);
    toast.querySelector("p").textContent = text;
    document.getElementById("toasts").append(toast);
  }
  const toasts = document.getElementById("toasts");
  if (toasts) {
    toasts.querySelectorAll("[data-toast]").forEach(watch);
    new MutationObserver((changes) => {
      for (const change of changes) for (const node of change.addedNodes) if (node.matches?.("[data-toast]")) watch(node);
    }).observe(toasts, { childList: true });
  }

  on("click", (event) => {
    event.target.closest("[data-dismiss]")?.closest("[data-toast]")?.remove();

    for (const menu of document.querySelectorAll("details.menu[open]"))
      if (!menu.contains(event.target)) menu.open = false;

    // A line of a statement opens the row of its working.
    const opener = event.target.closest("[data-expands]");
    if (opener) {
      const open = opener.getAttribute("aria-expanded") !== "true";
      opener.setAttribute("aria-expanded", String(open));
      opener.closest("tr")?.classList.toggle("is-open", open);
      for (const id of opener.dataset.expands.split(" ")) document.getElementById(id).hidden = !open;
    }

    const copier = event.target.closest("[data-copy]");
    if (copier) navigator.clipboard?.writeText(copier.dataset.copy).then(() => { document.getElementById("announcer").textContent = "Copied."; });

    const jump = event.target.closest("[data-jump]");
    const target = jump && document.querySelector(jump.dataset.jump);
    if (target) {
      event.preventDefault();
      target.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    }
  });

  on("keydown", (event) => {
    // A search inside a form finds; it does not send the form.
    if (event.key === "Enter" && event.target.matches("[data-find]")) event.preventDefault();
    if (event.key === "Escape")
      for (const menu of document.querySelectorAll("details.menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  on("change", (event) => { if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit(); });

  // A form with data-confirm asks first and names the thing. A serious one wants its total typed.
  on("submit", (event) => {
    const form = event.target;
    if (!form.dataset.confirm || form.dataset.confirmed) { delete form.dataset.confirmed; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    const dialog = document.getElementById("confirm");
    const part = (name) => dialog.querySelector(`[data-confirm-${name}]`);
    const { confirm, confirmNote, confirmYes, confirmType } = form.dataset;
    const [typing, field, yes] = [part("typing"), dialog.querySelector("input"), part("yes")];
    part("title").textContent = confirm;
    part("note").textContent = confirmNote || "";
    yes.textContent = confirmYes || "Go on";
    typing.hidden = !confirmType;
    part("typing-label").textContent = confirmType ? `Type ${confirmType} to confirm` : "";
    field.value = "";
    yes.disabled = Boolean(confirmType);
    field.oninput = () => { yes.disabled = field.value.trim() !== confirmType; };
    dialog.returnValue = "no";
    dialog.onclose = () => {
      if (dialog.returnValue !== "yes") return;
      form.dataset.confirmed = "yes";
      form.requestSubmit(event.submitter || undefined);
    };
    dialog.showModal();
  }, true);

  // Failures are told in a sentence; what is on the page stays.
  const SENTENCES = {
    401: "You have been signed out. Sign in again to go on.",
    403: "You may not do that with your role.",
    404: "That is no longer here.",
    409: "Not saved. It was changed in another window meanwhile.",
    429: "That was a little too often. Wait a moment and try again.",
  };
  on("htmx:responseError", (event) => {
    const { status, responseText } = event.detail.xhr;
    const plain = (event.detail.xhr.getResponseHeader("Content-Type") || "").startsWith("text/plain") && responseText.length < 200;
    say(plain ? responseText : SENTENCES[status] || "That did not work. Nothing was changed. Try again in a moment.");
  });
  on("htmx:sendError", () => say("The server cannot be reached. Nothing was changed."));
  on("htmx:afterSettle", (event) => event.target.querySelector?.("[autofocus]")?.focus());
})();
