// While the days go by the pressed button says so, and a second press does nothing. Without script the server holds to that.
const form = document.querySelector(".clock-btns"), moving = document.getElementById("moving");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const pressed = event.submitter;
  if (pressed.getAttribute("aria-disabled")) return;
  pressed.querySelector(".word-of").textContent = form.dataset.moving;
  moving.textContent = moving.dataset.moving;
  for (const button of form.elements) button.setAttribute("aria-disabled", "true");
  // A button without an address of its own has the form's; its `formAction` would then name this page.
  const address = pressed.getAttribute("formaction") ?? form.getAttribute("action");
  // Whatever came of it, the page then shows how things stand.
  await fetch(address, { method: "POST", redirect: "manual" }).catch(() => {});
  location.reload();
});
