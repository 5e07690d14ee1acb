// Demo accounts fill the form with one click; the person still presses "Sign in".
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill-email]");
  if (!button) return;
  for (const other of document.querySelectorAll("[data-fill-email]")) other.setAttribute("aria-pressed", String(other === button));
  document.getElementById("field-email").value = button.dataset.fillEmail;
  document.getElementById("field-password").value = button.dataset.fillPassword;
  document.querySelector("[data-signin]").focus();
});
