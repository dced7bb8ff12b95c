// A complaint is written down, sealed here to the desk's public triage key, kept on this telephone, and sent when
// there is a network and somebody signed in. What is kept cannot be read here again: only the desk opens it.
const form = document.querySelector("form[data-action=keep]"), said = form.dataset;
const part = function (name) { return document.getElementById(name); };
const SEVERAL = ["harms", "clues"]; // fields with several answers
const SIZES = [256, 1024, 4096, 16384]; // as lengths tell stories too: padded to these, or a multiple of the last
const PATIENCE = 60000; // milliseconds for one answer; a slip that arrived without one is known when it comes again
let key = { id: said.key, public: said.public }, sodium, store, keeping = false, sending = false, correcting = "";

begin().catch(function () { part("impossible").hidden = false; });

async function begin() {
  // Unchecked, a browser without WebAssembly, secure context or storage would fail at the first complaint.
  [sodium, store] = await Promise.all([loaded(), opened()]);
  navigator.serviceWorker.register(said.worker, { scope: said.page }).catch(function () {});
  navigator.serviceWorker.ready.then(function () { part("ready").hidden = false; });
  form.addEventListener("submit", keep);
  part("send").addEventListener("click", send);
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) send(); });
  window.addEventListener("beforeunload", function (event) { if (form.dataset.touched) event.preventDefault(); });
  form.addEventListener("input", function () { form.dataset.touched = "1"; });
  emptied();
  form.hidden = part("queue").hidden = false;
  await show();
  await send();
}

async function loaded() {
  const module = await import(said.sodium);
  await module.ready;
  return module.default;
}

// -- What waits on this telephone: sealed boxes under random names, and for which key each is. ------------------

function opened() {
  return new Promise(function (done, failed) {
    const asked = indexedDB.open("slips", 1);
    asked.onupgradeneeded = function () { asked.result.createObjectStore("slips", { keyPath: "id" }); };
    asked.onsuccess = function () { done(asked.result); };
    asked.onerror = failed;
  });
}

// The answer comes when the telephone has written it, not before.
function stored(mode, work) {
  return new Promise(function (done, failed) {
    const change = store.transaction("slips", mode, { durability: "strict" }), asked = work(change.objectStore("slips"));
    change.oncomplete = function () { done(asked.result); };
    change.onabort = change.onerror = failed;
  });
}

function waiting() { return stored("readonly", function (slips) { return slips.getAll(); }); }

function named(id) { return id.slice(0, 4).toUpperCase(); }

async function show() {
  const slips = await waiting(), names = slips.map(function (slip) { return named(slip.id); }).join(", ");
  const text = slips.length === 1 ? said.one : slips.length ? said.many : said.none;
  part("waiting").textContent = text.replace("{n}", slips.length).replace("{names}", names);
  part("waiting").dataset.waiting = slips.length;
  part("sending").hidden = !slips.length;
}

// -- Keeping. ---------------------------------------------------------------------------------------------------

async function keep(event) {
  event.preventDefault();
  if (keeping) return; // pressed twice, it is one complaint
  keeping = true;
  const id = correcting || random();
  try {
    const slip = { id: id, key: key.id, sealed: sealed({ id: id, on: today(), told: answers() }) };
    await stored("readwrite", function (slips) { return slips.put(slip); });
  } catch (problem) {
    return tell(part("kept"), said.full, true);
  } finally {
    keeping = false;
  }
  // Asks the browser not to clear it away when the telephone gets full.
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(function () {});
  correcting = "";
  form.reset();
  emptied();
  tell(part("kept"), said.kept.replace("{name}", named(id)));
  part("queue").scrollIntoView();
  await show();
  await send();
}

function sealed(words) {
  const plain = sodium.from_string(JSON.stringify(words));
  const size = SIZES.find(function (size) { return plain.length < size; }) || SIZES[SIZES.length - 1];
  const padded = sodium.pad(plain, size);
  const box = sodium.crypto_box_seal(padded, sodium.from_base64(key.public, sodium.base64_variants.URLSAFE_NO_PADDING));
  sodium.memzero(plain);
  sodium.memzero(padded);
  return box;
}

function answers() {
  const told = {};
  new FormData(form).forEach(function (value, name) {
    if (!value.trim()) return;
    if (SEVERAL.includes(name)) (told[name] = told[name] || []).push(value); else told[name] = value;
  });
  return told;
}

function random() {
  const hex = sodium.to_hex(sodium.randombytes_buf(16)), variant = "89ab"[parseInt(hex[16], 16) % 4];
  return [hex.slice(0, 8), hex.slice(8, 12), "4" + hex.slice(13, 16), variant + hex.slice(17, 20), hex.slice(20)].join("-");
}

function today() {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
}

function emptied() {
  delete form.dataset.touched;
  form.elements.consent_on.value = form.elements.consent_on.max = form.elements.incident_on.max = today();
  form.elements.incident_on.value = "";
}

// -- Sending: each slip once, and gone from here only when it is a case. -----------------------------------------

async function send() {
  if (sending) return;
  sending = true;
  await show();
  try {
    await sendAll();
  } catch (problem) {
    tell(part("state"), said.later);
  }
  sending = false;
  await show();
}

async function sendAll() {
  const state = await asked(said.page + "/state");
  if (!state) return;
  if (state.key && state.key.id !== key.id) {
    key = state.key;
    if (navigator.serviceWorker.controller) navigator.serviceWorker.controller.postMessage("renew");
  }
  tell(part("state"), "");
  part("told").replaceChildren();
  for (const slip of await waiting()) {
    const box = sodium.to_base64(slip.sealed, sodium.base64_variants.URLSAFE_NO_PADDING);
    const body = new URLSearchParams({ csrf_token: state.csrf, id: slip.id, key: slip.key, sealed: box });
    const answer = await asked(said.page + "/entries", { method: "POST", body: body });
    if (!answer) return;
    if (answer.code) {
      await stored("readwrite", function (slips) { return slips.delete(slip.id); });
      tell(part("kept"), "");
    }
    line(slip, answer);
    await show();
  }
}

// The server's word; nothing when there is none, and then the page says why.
async function asked(address, how) {
  const patience = new AbortController(), over = setTimeout(function () { patience.abort(); }, PATIENCE);
  let answer;
  try {
    const plain = { redirect: "manual", cache: "no-store", signal: patience.signal };
    answer = await fetch(address, Object.assign(plain, how));
  } catch (problem) {
    return void tell(part("state"), said.cut);
  } finally {
    clearTimeout(over);
  }
  part("door").hidden = answer.type !== "opaqueredirect";
  if (answer.type === "opaqueredirect") return void tell(part("state"), said.out);
  if ((answer.headers.get("Content-Type") || "").startsWith("application/json")) return answer.json();
  return void tell(part("state"), said.later);
}

function line(slip, answer) {
  const item = document.createElement("p"), words = answer.code ? answer.say : answer.told.concat(said.stays);
  const head = (answer.code ? said.sent : said.refused).replace("{name}", named(slip.id)).replace("{code}", answer.code);
  item.textContent = [head].concat(words).join(" ");
  item.className = "told " + (answer.code ? "told-done" : "told-over");
  if (answer.correct) item.append(" ", corrector(slip, answer.correct));
  part("told").append(item);
}

function corrector(slip, told) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-outline-primary";
  button.textContent = said.correct;
  button.addEventListener("click", function () {
    correcting = slip.id;
    form.reset();
    Array.from(form.elements).forEach(function (field) {
      const values = [].concat(told[field.name] === undefined ? [] : told[field.name]).map(String);
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
      else if (field.name) field.value = values[0] || "";
    });
    form.dataset.touched = "1";
    form.scrollIntoView();
  });
  return button;
}

function tell(place, text, over) {
  place.textContent = text;
  place.hidden = !text;
  place.classList.toggle("told-over", Boolean(over));
}
