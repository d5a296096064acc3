// The web chat while the page is open; without script it works by forms.
// The server sends ready HTML. Here it is put in its place, spoken and kept in view, and what is written waits for a net.
const $ = (q, e = document) => e.querySelector(q), all = (q, e = document) => [...e.querySelectorAll(q)];
const words = document.body.dataset, log = $("#log ol"), said = $("#said"), composer = $(".composer"), field = $("#write");
const chat = $(".chat"), strip = $(".standing"), newer = $(".newer"), refused = $("#refused");
const root = document.documentElement, wide = matchMedia("(min-width: 60rem)");
// Without storage (private mode) the page still works, only a reload forgets.
const token = composer.elements.csrf.value, mine = token.slice(0, 8);
const store = { get: (k) => { try { return JSON.parse(sessionStorage[mine + k]); } catch { return null; } },
  set: (k, v) => { try { sessionStorage[mine + k] = JSON.stringify(v); } catch {} } };
root.classList.add("js");

// What comes close together is spoken together, or one thing would silence the other.
let lines = [];
const say = (text) => { if (text && lines.push(text) === 1) setTimeout(() => { said.textContent = lines.join(" "); lines = []; }, 150); };
const number = (li) => Number(li.id.slice(1)), shown = () => all(".msg[id]", log);
const wordOf = (e) => $("b", e) || $("span:last-of-type", e);
const make = (html) => { const t = document.createElement("template"); t.innerHTML = html; return t.content; };
const refuse = (text) => { refused.hidden = !text; refused.textContent = text || ""; };

// ---- where the reader is
const atEnd = () => scrollY + innerHeight > root.scrollHeight - 160;
const toEnd = () => { scrollTo(0, root.scrollHeight); newer.hidden = true; };
// A message taller than the screen is read from its top.
const reveal = (li) => { if (li.offsetHeight > innerHeight - composer.offsetHeight - 140) { li.scrollIntoView({ block: "start" }); newer.hidden = true; } else toEnd(); };
addEventListener("scroll", () => { if (atEnd()) newer.hidden = true; }, { passive: true });
newer.addEventListener("click", () => { toEnd(); log.lastElementChild.focus({ preventScroll: true }); });

// ---- what waits to be sent: kept through a reload, sent in order, each with a reference that the server takes once
let seq = Number(log.dataset.seq), waiting = store.get("waiting") || [], socket, ready = false, tries = 0, chosen = false;

function show(entry) {
  const li = document.createElement("li"), bubble = document.createElement("div"), p = document.createElement("p");
  li.className = "msg you waiting"; li.dataset.ref = entry.client_id;
  bubble.className = "bubble"; bubble.dir = "auto"; p.textContent = entry.label; bubble.append(p); li.append(bubble);
  li.append($("#waiting").content.cloneNode(true)); state(li, ready ? words.sending : words.waiting);
  log.append(li);
}
const state = (li, text) => { const by = $(".by", li); if (by) { by.hidden = !text; $("span", by).textContent = text; } };
const bubbleOf = (ref) => all(".waiting", log).find((li) => li.dataset.ref === ref);

function send(frame, label) {
  const ref = crypto.getRandomValues(new Uint32Array(3)).join("-");
  const entry = { ...frame, client_id: ref, label };
  waiting.push(entry); store.set("waiting", waiting);
  if (label) { show(entry); toEnd(); }
  if (ready) put(entry); else { say(words.waitingSaid); connect(); }
}
const put = ({ label, ...frame }) => socket.send(JSON.stringify(frame));

function answered({ client_id: ref, outcome, id }) {
  const entry = waiting.find((w) => w.client_id === ref);
  if (outcome === "slow") {
    refuse(words.slow); say(words.slow);
    return setTimeout(() => { refuse(""); if (entry && ready) put(entry); }, 5000);
  }
  waiting = waiting.filter((w) => w !== entry); store.set("waiting", waiting);
  const li = bubbleOf(ref);
  if (outcome === "taken") {
    if (li && id && $("#m" + id)) li.remove();
    else if (li) { li.classList.remove("waiting"); li.id = "m" + id; state(li, ""); }
    return li && say(words.sent);
  }
  const why = words[outcome] || words.failed;
  // What was written is never lost: it goes back to where it can be mended.
  if (entry?.text && !id && !field.value) { field.value = entry.text; grow(); }
  if (li) state(li, why); else refuse(why);
  say(why);
}

// ---- what comes
const silence = () => $(".typing-now", log)?.remove();
const below = (html) => { const near = atEnd(); log.append(make(html)); if (near) toEnd(); };
const frames = {
  put(f) {
    const near = atEnd(), fresh = make(f.html), li = $("#m" + f.id, fresh), old = $("#m" + f.id, log);
    silence();
    if (f.mine) bubbleOf(f.ref)?.remove();
    if (old) {
      const held = old.contains(document.activeElement);
      li.classList.remove("new"); old.replaceWith(li);
      if (held) li.focus({ preventScroll: true });
    }
    else {
      if (shown()[0] && number(shown()[0]) > f.id) return;
      const next = shown().find((m) => number(m) > f.id) || $(".waiting", log);
      if (next) next.before(fresh); else log.append(fresh);
    }
    // Only the last screen can be pressed; the server holds to that too.
    if (f.screen) all(".msg", log).forEach((m) => m !== li && unpress(m));
    if (f.mine) { if (near) toEnd(); return; }
    say(f.said);
    if (old) return;
    if (chosen) { chosen = false; li.focus({ preventScroll: true }); reveal(li); }
    else if (near) reveal(li); else newer.hidden = false;
  },
  del(f) { $("#m" + f.id, log)?.remove(); },
  typing(f) { silence(); below(f.html); setTimeout(silence, 8000); },
  note(f) { below(f.html); say(f.said); },
  standing(f) { const open = $("[aria-expanded=true]", strip); strip.innerHTML = f.html; strip.hidden = !f.html; chat.classList.toggle("alone", !f.html); fold(!open); },
  ack: answered,
  moved() { location.replace("/"); },
  // The language that was chosen here holds for our other pages too.
  reload(f) { location.replace("/?lang=" + f.lang); },
  ready(f) { seq = Math.max(seq, f.seq); ready = true; tries = 0; online(); waiting.forEach(put); },
};

function unpress(message) {
  const form = $(".choice", message);
  if (!form) return;
  // What holds later too stays: documents, and what is copied. The server holds to the same.
  all("[name=key], a:not([download])", form).forEach((b) => (b.closest("li") || b).remove());
  if (!$("a, button", form)) form.remove();
}

// ---- the connection: back by itself, ever more slowly, at once when the person or the net says so
let down, timer;
function connect() {
  clearTimeout(timer);
  if (socket && socket.readyState < 2) return;
  socket = new WebSocket(location.origin.replace("http", "ws") + "/chat/ws");
  socket.onopen = () => socket.send(JSON.stringify({ op: "hello", after: seq, token, lang: root.lang }));
  socket.onmessage = (e) => { const f = JSON.parse(e.data); frames[f.op]?.(f); if (f.seq) seq = Math.max(seq, f.seq); };
  socket.onclose = () => {
    ready = false;
    all(".waiting", log).forEach((li) => state(li, words.waiting));
    // A blink of the net is not worth a word.
    down ??= setTimeout(() => { $("#offline").hidden = false; say(words.offlineSaid); }, 1500);
    timer = setTimeout(connect, Math.min(30000, 500 * 2 ** tries++) * (.75 + Math.random() / 2));
  };
}
function online() {
  clearTimeout(down); down = undefined;
  all(".waiting", log).forEach((li) => state(li, words.sending));
  if ($("#offline").hidden) return;
  $("#offline").hidden = true; $("#back").hidden = false; say(words.backSaid);
  setTimeout(() => { $("#back").hidden = true; }, 2000);
}
const now = () => { tries = 0; connect(); };
$("#offline button").addEventListener("click", now);
addEventListener("online", now);
addEventListener("offline", () => socket?.close());
document.addEventListener("visibilitychange", () => document.hidden || now());

// ---- what the person does
log.addEventListener("submit", (e) => {
  const button = e.submitter, form = e.target;
  if (!button?.name) return;
  e.preventDefault();
  const frame = { op: "press", message_id: Number(form.elements.message_id.value), key: button.value };
  unpress(form.closest(".msg")); chosen = true;
  send(frame, wordOf(button).textContent);
  log.lastElementChild.tabIndex = -1; log.lastElementChild.focus({ preventScroll: true });
});
$(".head-acts").addEventListener("submit", (e) => {
  e.preventDefault(); chosen = true;
  send({ op: "command", name: e.submitter.value });
});
composer.addEventListener("submit", (e) => {
  e.preventDefault();
  const text = field.value.trim();
  if (!text) return;
  if ([...text].length > 4096) { refuse(words.too_long); return say(words.too_long); }
  refuse(""); send({ op: "text", text }, text);
  field.value = ""; grow(); store.set("draft", "");
});
field.addEventListener("keydown", (e) => {
  if (e.key === "Enter" && !e.shiftKey && !e.isComposing && wide.matches) { e.preventDefault(); composer.requestSubmit(); }
});
field.addEventListener("input", () => { grow(); store.set("draft", field.value); });
function grow() {
  if (CSS.supports("field-sizing", "content")) return;
  field.style.height = "auto"; field.style.height = field.scrollHeight + "px";
}

document.addEventListener("click", async (e) => {
  const copy = e.target.closest("[data-copy]"), step = e.target.closest(".standing-line button");
  if (step) fold(step.getAttribute("aria-expanded") === "true");
  if (!copy) return;
  const word = wordOf(copy), before = word.textContent;
  if (copy.classList.contains("done")) return;
  try { await navigator.clipboard.writeText(copy.dataset.copy); } catch { word.textContent = copy.dataset.copy; say(words.uncopied); return; }
  copy.classList.add("done"); word.textContent = words.copied; say(words.copiedSaid.replace("{what}", before));
  setTimeout(() => { copy.classList.remove("done"); word.textContent = before; }, 4000);
});

// The still line folds up on a phone; without script it stays open.
function fold(shut) { strip.classList.toggle("shut", shut); $("button", strip)?.setAttribute("aria-expanded", String(!shut)); }
document.addEventListener("keydown", (e) => { if (e.key === "Escape" && !wide.matches) fold(true); });

// ---- opening: what was not read yet stands at the top
history.scrollRestoration = "manual";
if (!wide.matches) fold(true);
field.value ||= store.get("draft") || ""; grow();
waiting.forEach((entry) => entry.label && show(entry));
const read = store.get("read"), unread = read && shown().find((m) => number(m) > read);
if (unread) unread.scrollIntoView({ block: "start" }); else scrollTo(0, root.scrollHeight);
// Back from BankID: what was answered there is read first, also by those who listen.
if (location.hash === "#answer") {
  if (unread) unread.focus({ preventScroll: true }); else chosen = true;
  history.replaceState(null, "", "/");
}
addEventListener("pagehide", () => shown().length && store.set("read", number(shown().pop())));
connect();
