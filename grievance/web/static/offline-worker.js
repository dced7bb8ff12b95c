// Keeps the page for complaints without network, and the files it is made of, on the telephone; nothing else, and
// nothing of anybody. The server puts `SHELL` in front of these lines: a name, the page, its files.
"use strict";
const PATIENCE = 4000; // milliseconds for a network that is there and does not answer

self.addEventListener("install", function (event) {
  event.waitUntil(kept().then(function () { return self.skipWaiting(); }));
});

self.addEventListener("activate", function (event) {
  event.waitUntil(tidied().then(function () { return self.clients.claim(); }));
});

// A key changed: the page that is kept must name the one in use.
self.addEventListener("message", function (event) {
  if (event.data === "renew") event.waitUntil(caches.open(SHELL.name).then(renewed).catch(function () {}));
});

self.addEventListener("fetch", function (event) {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && address.pathname === SHELL.page) {
    event.respondWith(page(event));
  } else if (SHELL.files.includes(address.pathname + address.search)) {
    event.respondWith(caches.match(event.request).then(function (copy) { return copy || fetch(event.request); }));
  }
});

async function kept() {
  const cache = await caches.open(SHELL.name);
  await cache.addAll(SHELL.files);
  if (!await renewed(cache)) throw new Error("the page is not for whoever is signed in");
}

async function tidied() {
  const names = await caches.keys();
  await Promise.all(names.filter(function (name) { return name !== SHELL.name; }).map(function (name) {
    return caches.delete(name);
  }));
}

async function renewed(cache) {
  const answer = await fetch(SHELL.page, { cache: "no-store", redirect: "manual" });
  if (answer.ok) await cache.put(SHELL.page, answer);
  return answer.ok;
}

// The network first. Where it is away, slow, or sends somebody to the door, the page that is kept: it holds nothing
// of anybody, and says itself that one must sign in to send.
async function page(event) {
  const cache = await caches.open(SHELL.name), copy = await cache.match(SHELL.page);
  const asked = fetch(event.request).then(async function (answer) {
    if (answer.ok) await cache.put(SHELL.page, answer.clone()).catch(function () {}); // a full telephone still shows it
    return answer.ok || !copy ? answer : copy;
  });
  if (!copy) return asked;
  event.waitUntil(asked.catch(function () {}));
  const late = new Promise(function (go) { setTimeout(go, PATIENCE, copy); });
  return Promise.race([asked.catch(function () { return copy; }), late]);
}
