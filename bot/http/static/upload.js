// Pictures and documents: chosen, dropped or pasted; sent one after another, each in a bubble of its own that shows how
// far it has come. The server says what it made of a file; here only the way there is shown.
const $ = (q, e = document) => e.querySelector(q);
const composer = $(".composer"), attach = $(".attach"), input = $("#files"), log = $("#log ol"), words = attach.dataset;
const said = $("#said"), field = $("#write"), MAX = Number(words.max);
const fill = (text, with_) => text.replace(/\{(\w+)\}/g, (all, name) => with_[name] ?? all);
const say = (text) => { said.textContent = text; };
const size = (n) => n >= 1e6 ? fill(words.mb, { n: (n / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 }) }) : fill(words.kb, { n: Math.max(1, Math.floor(n / 1000)) });
const queue = [];
let sending = false;

function add(files) {
  for (const file of files) {
    const li = document.createElement("li"), item = { file, li, ref: crypto.getRandomValues(new Uint32Array(3)).join("-") };
    li.className = "msg you waiting"; li.dataset.ref = item.ref; li.append($("#uploading").content.cloneNode(true));
    $("b", li).textContent = file.name; $("progress", li).setAttribute("aria-label", fill(words.sending, { name: file.name }));
    $("button", li).addEventListener("click", () => { again(item); });
    log.append(li); queue.push(item);
  }
  scrollTo(0, document.documentElement.scrollHeight);
  next();
}
function again(item) {
  $("button", item.li).hidden = true; $("progress", item.li).hidden = false;
  field.focus({ preventScroll: true }); queue.push(item); next();
}
function next() {
  if (sending || !queue.length) return;
  sending = true;
  const item = queue.shift(), { file, li, ref } = item, form = new FormData(), request = new XMLHttpRequest();
  const text = (t) => { $(".mini", li).textContent = t; };
  let half = file.size < 1e6;
  form.append("csrf", composer.elements.csrf.value); form.append("client_id", ref); form.append("octets", file.size);
  // What is too large stays here: its name is enough for an answer.
  form.append("file", file.size > MAX ? new Blob([]) : file, file.name);
  request.open("POST", "/chat/upload"); request.setRequestHeader("Accept", "application/json"); request.responseType = "json";
  request.upload.onprogress = ({ loaded, total }) => {
    const percent = Math.min(100, Math.round(100 * loaded / total));
    $("progress", li).value = percent; text(fill(words.progress, { percent, size: size(file.size) }));
    if (!half && percent >= 50) { half = true; say(fill(words.half, { name: file.name, percent })); }
  };
  text(fill(words.progress, { percent: 0, size: size(file.size) }));
  request.onloadend = () => {
    const { outcome, id } = request.response || {};
    if (outcome === "taken") {
      // The message itself comes by the socket, and may have come already.
      if (id && document.getElementById("m" + id)) li.remove();
      else { $("progress", li).hidden = true; text(size(file.size)); }
      say(fill(words.arrived, { name: file.name }));
    } else {
      const why = outcome === "slow" ? words.slow : words.failed;
      $("progress", li).hidden = true; $("button", li).hidden = false; text(why); say(`${file.name}: ${why}`);
      li.scrollIntoView({ block: "end" });
    }
    sending = false; next();
  };
  request.send(form);
}

attach.hidden = false;
attach.addEventListener("click", () => input.click());
input.addEventListener("change", () => { add([...input.files]); input.value = ""; });
field.addEventListener("paste", (e) => { if (e.clipboardData.files.length) { e.preventDefault(); add([...e.clipboardData.files]); } });
const carries = (e) => [...(e.dataTransfer?.types || [])].includes("Files");
addEventListener("dragover", (e) => { if (carries(e)) { e.preventDefault(); composer.classList.add("drop"); } });
addEventListener("dragleave", (e) => { if (!e.relatedTarget) composer.classList.remove("drop"); });
addEventListener("drop", (e) => { if (carries(e)) { e.preventDefault(); composer.classList.remove("drop"); add([...e.dataTransfer.files]); } });
