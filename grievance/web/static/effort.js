// Does a small work in place of the question: seeks the number whose sha256 begins with enough zeros. In small
// pieces, so that an old telephone stays usable; without script the question is simply answered.
"use strict";
(function () {
  var box = document.querySelector("[data-effort]");
  if (!box || !window.Uint32Array) return;
  var seed = box.getAttribute("data-effort"), bits = +box.getAttribute("data-bits"), number = 0;
  var K = [], H = [], prime = 2, i, w = new Uint32Array(64);
  function fraction(x) { return ((x - Math.floor(x)) * 4294967296) | 0; }
  while (K.length < 64) {
    for (i = 2; i * i <= prime && prime % i; i++);
    if (i * i > prime) {
      if (H.length < 8) H.push(fraction(Math.pow(prime, 1 / 2)));
      K.push(fraction(Math.pow(prime, 1 / 3)));
    }
    prime++;
  }
  function turn(x, n) { return (x >>> n) | (x << (32 - n)); }
  // The first word of the sha256 of a short text: at most 55 signs, which fit into one block.
  function first(text) {
    var h = H.slice(), j, a, b;
    for (j = 0; j < 16; j++) w[j] = 0;
    for (j = 0; j < text.length; j++) w[j >> 2] |= text.charCodeAt(j) << (24 - 8 * (j & 3));
    w[j >> 2] |= 128 << (24 - 8 * (j & 3));
    w[15] = text.length * 8;
    for (j = 16; j < 64; j++) {
      a = w[j - 15]; b = w[j - 2];
      w[j] = w[j - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[j - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
    }
    for (j = 0; j < 64; j++) {
      a = (h[7] + (turn(h[4], 6) ^ turn(h[4], 11) ^ turn(h[4], 25)) + ((h[4] & h[5]) ^ (~h[4] & h[6])) + K[j] + w[j]) | 0;
      b = ((turn(h[0], 2) ^ turn(h[0], 13) ^ turn(h[0], 22)) + ((h[0] & h[1]) ^ (h[0] & h[2]) ^ (h[1] & h[2]))) | 0;
      h = [(a + b) | 0, h[0], h[1], h[2], (h[3] + a) | 0, h[4], h[5], h[6]];
    }
    return (h[0] + H[0]) >>> 0;
  }
  function work() {
    var until = Date.now() + 30;
    while (Date.now() < until) {
      if (first(seed + ":" + number) >>> (32 - bits) === 0) {
        box.querySelector("[name=effort]").value = number;
        box.querySelector("[data-asked]").hidden = true;
        box.querySelector("[data-answered]").hidden = false;
        return;
      }
      number++;
    }
    setTimeout(work, 10);
  }
  work();
})();
