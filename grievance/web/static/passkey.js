// Asks the browser for a passkey, puts its answer into the form, and sends the form. Without this script the
// page works with codes. Nothing is loaded, kept or sent elsewhere.
(function () {
  "use strict";

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (sign) { return sign.charCodeAt(0); });
  }

  function text(buffer) {
    var plain = Array.from(new Uint8Array(buffer), function (one) { return String.fromCharCode(one); }).join("");
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function named(list) {
    return (list || []).map(function (one) { return Object.assign({}, one, { id: bytes(one.id) }); });
  }

  function ask(part) {
    if (part.dataset.options) {
      var options = JSON.parse(part.dataset.options);
      options.challenge = bytes(options.challenge);
      options.user.id = bytes(options.user.id);
      options.excludeCredentials = named(options.excludeCredentials);
      return navigator.credentials.create({ publicKey: options });
    }
    return navigator.credentials.get({
      publicKey: {
        challenge: bytes(part.dataset.challenge), rpId: part.dataset.site, userVerification: "preferred"
      }
    });
  }

  function written(made) {
    var answer = { clientDataJSON: text(made.response.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (made.response[name]) { answer[name] = text(made.response[name]); }
    });
    return JSON.stringify({
      id: made.id, rawId: text(made.rawId), type: made.type, response: answer, clientExtensionResults: {}
    });
  }

  function isHere(site) {
    return location.hostname === site || location.hostname.endsWith("." + site);
  }

  function begin(part) {
    var form = part.closest("form");
    var field = form.querySelector("[name='" + part.dataset.field + "']");
    var told = part.querySelector(".passkey-told");
    if (!window.PublicKeyCredential || !isHere(part.dataset.site)) { return; }
    part.hidden = false;
    part.querySelector("button").addEventListener("click", function () {
      form.querySelectorAll("[data-code]").forEach(function (code) { code.required = false; });
      if (!form.reportValidity()) { return; }
      told.hidden = true;
      ask(part).then(function (made) {
        field.value = written(made);
        form.submit();
      }).catch(function () { told.hidden = false; });
    });
  }

  document.querySelectorAll("[data-passkey]").forEach(begin);
}());
