// The waiting page asks every other second whether the payment has moved on, and loads anew when it has.
// Without script the page reloads itself; in a hidden tab nothing is asked until it is looked at again.
const waiting = document.querySelector("[data-wait]");
let pause = 2000;

async function look() {
  if (document.hidden) {
    document.addEventListener("visibilitychange", look, { once: true });
    return;
  }
  try {
    const answer = await fetch(waiting.dataset.wait, { cache: "no-store" });
    if (answer.ok && (await answer.json()).stage !== waiting.dataset.stage) {
      location.reload();
      return;
    }
    pause = answer.ok ? 2000 : Math.min(pause * 2, 30000);
  } catch {
    pause = Math.min(pause * 2, 30000);
  }
  setTimeout(look, pause);
}

if (waiting) setTimeout(look, pause);
