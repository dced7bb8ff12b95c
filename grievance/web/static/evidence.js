// Makes photographs small before they are sent, sends files in pieces that go on after a cut, and records a voice.
// Without script the plain form on the page does the sending.
"use strict";
(function () {
  var form = document.querySelector("form[data-action=add_file]");
  if (!form || !window.fetch || !window.Promise || !window.Uint8Array || !Blob.prototype.slice) return;
  var said = form.dataset, input = form.querySelector("input[type=file]"), button = form.querySelector(".button");
  var state = document.getElementById("etat"), bar = document.getElementById("avance");
  var token = form.querySelector("[name=csrf_token]").value, PIECE = +said.piece, SMALL = 200 * 1024, busy = false;
  input.multiple = true;

  function tell(text, part) {
    state.hidden = false; state.textContent = text;
    bar.hidden = part === undefined; if (part !== undefined) bar.value = part;
  }
  function wait(milliseconds) {
    return new Promise(function (go) { setTimeout(go, milliseconds); window.addEventListener("online", go, { once: true }); });
  }

  // A photograph is drawn again, smaller: about 200 KB, and nothing of its place, day and telephone.
  function drawn(picture, side, quality) {
    var scale = Math.min(1, side / Math.max(picture.width, picture.height)), sheet = document.createElement("canvas");
    sheet.width = Math.max(1, Math.round(picture.width * scale)); sheet.height = Math.max(1, Math.round(picture.height * scale));
    var pen = sheet.getContext("2d");
    pen.fillStyle = "#fff"; pen.fillRect(0, 0, sheet.width, sheet.height);
    pen.drawImage(picture, 0, 0, sheet.width, sheet.height);
    return new Promise(function (done) { sheet.toBlob(done, "image/jpeg", quality); });
  }
  async function shrunk(file) {
    if (!/^image\/(jpeg|png|webp|heic|heif|avif)$/.test(file.type) || !window.createImageBitmap) return file;
    try {
      var picture = await createImageBitmap(file, { imageOrientation: "from-image" }), small = null;
      for (var side = 1600; side >= 800; side -= 400) {
        for (var quality = 0.82; quality > 0.45; quality -= 0.12) {
          small = await drawn(picture, side, quality);
          if (small && small.size <= SMALL) break;
        }
        if (small && small.size <= SMALL) break;
      }
      return small ? new File([small], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" }) : file;
    } catch (unreadable) { return file; }
  }

  // The same file has the same name among us: sent twice, or after the page was closed, it is one file and goes on.
  async function keyOf(file) {
    var bytes = new Uint8Array(16);
    if (window.crypto && crypto.subtle) {
      var head = new TextEncoder().encode(said.key), body = new Uint8Array(await file.arrayBuffer());
      var all = new Uint8Array(head.length + body.length);
      all.set(head); all.set(body, head.length);
      bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", all)).slice(0, 16);
    } else crypto.getRandomValues(bytes);
    var hex = Array.from(bytes, function (byte) { return ("0" + byte.toString(16)).slice(-2); }).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  // Asks until there is an answer: a cut network is no answer, a refusal is one.
  async function asked(path, body, type, part) {
    for (var tries = 0; ; tries++) {
      try {
        var head = { "X-CSRFToken": token }; if (type) head["Content-Type"] = type;
        var answer = await fetch(said.page + "/" + path, { method: "POST", body: body, headers: head, redirect: "manual" });
        if (answer.type === "opaqueredirect" || answer.status === 404) { location.href = said.out; return new Promise(function () {}); }
        var told = await answer.json();
        if (answer.ok) return told;
        if (answer.status !== 503) throw new Refusal(told.told);
        tell(told.told, part);
      } catch (problem) {
        if (problem instanceof Refusal) throw problem;
        tell(said.cut, part);
      }
      await wait(Math.min(30000, 1000 * Math.pow(2, Math.min(tries, 5))));
    }
  }
  function Refusal(text) { this.text = text; }

  async function send(file, name) {
    if (file.size > +said.largest) throw new Refusal(said.big);
    var key = await keyOf(file), begun = new FormData();
    begun.append("nom", name); begun.append("taille", file.size);
    var here = (await asked(key + "/debut", begun, "", 0)).here;
    for (;;) {
      while (here < file.size) {
        tell(said.sending + " " + name, 100 * here / file.size);
        var piece = file.slice(here, here + PIECE);
        here = (await asked(key + "/morceau?a=" + here, piece, "application/octet-stream", 100 * here / file.size)).here;
      }
      tell(said.checking, 100);
      if ((await asked(key + "/fin", "", "", 100)).done) return;
      here = (await asked(key + "/debut", begun, "", 100)).here;
    }
  }
  async function sendAll(files) {
    if (busy || !files.length) return;
    busy = true; button.disabled = true;
    try {
      if (files.length > +said.more) throw new Refusal(said.many);
      for (var number = 0; number < files.length; number++) {
        var small = await shrunk(files[number]);
        await send(small, small.name);
      }
      location.href = said.page + "?fait=fichier";
    } catch (problem) {
      tell(problem instanceof Refusal && problem.text ? problem.text : said.cut);
      state.className = "wrong";
    } finally { busy = false; button.disabled = false; }
  }
  form.addEventListener("submit", function (event) {
    if (!input.files.length) return;
    event.preventDefault(); state.className = "";
    sendAll(Array.from(input.files));
  });

  // The voice.
  var box = document.getElementById("voix");
  if (!window.MediaRecorder || !navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return;
  function part(id) { return document.getElementById(id); }
  var speak = part("parler"), cease = part("cesser"), clock = part("temps"), check = part("ecoute"), sound = part("entendre");
  var recorder = null, heard = [], spoken = null, ticking = 0, LONGEST = 600;
  box.hidden = false;

  function shown(recording) { speak.hidden = recording; cease.hidden = clock.hidden = !recording; }
  function stop() { if (recorder && recorder.state !== "inactive") recorder.stop(); }
  function ended(stream, type) {
    clearInterval(ticking); stream.getTracks().forEach(function (track) { track.stop(); });
    var bare = type.split(";")[0] || "audio/webm", ending = { "audio/mp4": ".m4a", "audio/ogg": ".ogg" }[bare] || ".webm";
    spoken = new File(heard, said.voice + ending, { type: bare });
    sound.src = URL.createObjectURL(spoken); shown(false); speak.hidden = true; check.hidden = false;
  }
  speak.addEventListener("click", async function () {
    part("muet").hidden = true;
    try {
      var stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      recorder = new MediaRecorder(stream, { audioBitsPerSecond: 24000 }); heard = [];
      recorder.addEventListener("dataavailable", function (event) { if (event.data.size) heard.push(event.data); });
      recorder.addEventListener("stop", function () { ended(stream, recorder.mimeType || ""); });
      recorder.start(1000); shown(true);
      var seconds = 0; clock.textContent = "0:00";
      ticking = setInterval(function () {
        seconds++; clock.textContent = Math.floor(seconds / 60) + ":" + ("0" + seconds % 60).slice(-2);
        if (seconds >= LONGEST) stop();
      }, 1000);
    } catch (silent) { part("muet").hidden = false; }
  });
  cease.addEventListener("click", stop);
  part("effacer").addEventListener("click", function () {
    URL.revokeObjectURL(sound.src); sound.removeAttribute("src"); spoken = null; heard = [];
    check.hidden = true; shown(false);
  });
  part("envoyer").addEventListener("click", function () { if (spoken) { state.className = ""; sendAll([spoken]); } });
})();
