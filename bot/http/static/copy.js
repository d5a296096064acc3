// Copy buttons, which show only where script runs: the word becomes "copied" for four seconds, and the live region says which of them it was.
document.documentElement.classList.add("js");

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      return; // Not allowed here: the text stands beside the button and can be marked by hand.
    }
    const word = button.querySelector("span");
    const before = button.dataset.before ??= word.textContent;
    button.classList.add("done");
    word.textContent = button.dataset.done;
    document.getElementById("said").textContent = button.dataset.said;
    clearTimeout(button.timer);
    button.timer = setTimeout(() => {
      button.classList.remove("done");
      word.textContent = before;
    }, 4000);
  });
}
