/* Speaks to FIDO2 devices: takes the options that the server sends, gives what it wants to have back, both as JSON. */
var webauthn = (function () {
  "use strict";

  function bytes(text) {
    var binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(binary, function (c) { return c.charCodeAt(0); });
  }

  function text(buffer) {
    var binary = "";
    new Uint8Array(buffer).forEach(function (b) { binary += String.fromCharCode(b); });
    return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function listed(credentials) {
    return (credentials || []).map(function (c) { return Object.assign({}, c, { id: bytes(c.id) }); });
  }

  function common(credential) {
    return { id: credential.id, rawId: text(credential.rawId), type: credential.type };
  }

  return {
    available: function () {
      return Boolean(window.PublicKeyCredential && navigator.credentials);
    },

    // registerrequest -> attestationResponse
    create: function (options) {
      var publicKey = Object.assign({}, options, {
        challenge: bytes(options.challenge),
        user: Object.assign({}, options.user, { id: bytes(options.user.id) }),
        excludeCredentials: listed(options.excludeCredentials)
      });
      return navigator.credentials.create({ publicKey: publicKey }).then(function (credential) {
        var response = credential.response;
        return Object.assign(common(credential), {
          authenticatorAttachment: credential.authenticatorAttachment,
          response: { clientDataJSON: text(response.clientDataJSON), attestationObject: text(response.attestationObject) },
          transports: response.getTransports ? response.getTransports() : [],
          clientExtensionResults: credential.getClientExtensionResults()
        });
      });
    },

    // signrequest -> the answer to a challenge
    get: function (options) {
      var publicKey = Object.assign({}, options, {
        challenge: bytes(options.challenge),
        allowCredentials: listed(options.allowCredentials)
      });
      return navigator.credentials.get({ publicKey: publicKey }).then(function (credential) {
        var response = credential.response;
        var answer = {
          clientDataJSON: text(response.clientDataJSON),
          authenticatorData: text(response.authenticatorData),
          signature: text(response.signature)
        };
        if (response.userHandle && response.userHandle.byteLength) {
          answer.userHandle = text(response.userHandle);
        }
        return Object.assign(common(credential), { response: answer });
      });
    }
  };
})();
