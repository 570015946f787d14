/* The second step of the login: asks a FIDO2 device and sends what it has signed. */
(function () {
  "use strict";
  var box = document.getElementById("device");
  if (!box || !webauthn.available()) {
    return;
  }
  webauthn.get(JSON.parse(box.dataset.request)).then(function (answer) {
    var field = document.getElementById("otp");
    field.value = JSON.stringify(answer);
    document.getElementById("submit").click();
  }, function (error) {
    box.firstElementChild.textContent = box.dataset.aborted + " " + error.message;
  });
})();
