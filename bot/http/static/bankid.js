// BankID's page: spares a press where nothing need be read first, moves the code each second, says how far it has
// come only when that changes, and goes on when it is done. Everything works without it, by buttons and reloading.
const watched = document.querySelector("[data-watch]");
const code = document.querySelector("[data-qr]");
const message = document.querySelector("[data-message]");
const app = document.querySelector("[data-app]");
const home = document.querySelector("[data-home]");
const begin = document.querySelector("[data-auto]");
let failures = 0;

async function look() {
  const pause = code ? 1000 : 2000;
  if (document.hidden) {
    document.addEventListener("visibilitychange", look, { once: true });
    return;
  }
  try {
    const answer = await fetch(watched.dataset.watch, { cache: "no-store" });
    if (answer.status === 404) return location.reload();
    if (answer.ok) {
      const told = await answer.json();
      failures = 0;
      if (told.stage !== watched.dataset.stage) return location.reload();
      if (Boolean(told.scanned) !== ("scanned" in watched.dataset)) return location.reload();
      if (code && told.qr) code.innerHTML = told.qr;
      if (told.message && told.message !== message.textContent) message.textContent = told.message;
    } else failures += 1;
  } catch {
    failures += 1;
  }
  setTimeout(look, Math.min(pause * 2 ** failures, 16000));
}

// Once for this page in this tab: whoever comes back by the browser's own button decides for themselves.
function once(name) {
  const key = `${name}:${location.pathname}`;
  if (sessionStorage.getItem(key)) return false;
  sessionStorage.setItem(key, "1");
  return true;
}

if (begin && once(`begin${location.search}`)) begin.requestSubmit();
if (app && once("app")) location.assign(app.href);
if (watched) setTimeout(look, 1000);
if (home && once("home")) location.replace(home.dataset.home);
