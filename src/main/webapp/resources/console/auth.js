/* The test pages below /auth: send what was typed to /validate and show the outcome. */
(function () {
  "use strict";
  var result = document.getElementById("result");
  var texts = result.dataset;

  function show(kind, lines, image) {
    result.textContent = "";
    result.className = "result " + kind;
    lines.filter(Boolean).forEach(function (line) {
      var p = document.createElement("p");
      p.textContent = line;
      result.append(p);
    });
    if (image && image.indexOf("data:image/") === 0) {
      var img = document.createElement("img");
      img.src = image;
      img.alt = texts.qr;
      img.className = "qr";
      result.append(img);
    }
  }

  // fields of one name are one value, in the order of the page: PIN and one-time password
  function read(form, values) {
    form.querySelectorAll("[data-param]").forEach(function (field) {
      var name = field.dataset.param;
      if (name !== "data" || field.value) {
        values.set(name, (values.get(name) || "") + field.value);
      }
    });
    return values;
  }

  function call(path, values) {
    return fetch(path, { method: "POST", body: values, credentials: "omit" }).then(function (reply) {
      var html = (reply.headers.get("Content-Type") || "").indexOf("text/html") === 0;
      return reply.text().then(function (body) { return { html: html, body: body }; });
    });
  }

  // a device may answer by itself: look until it has, or the transaction has ended
  var waiting = 0;

  function watch(transaction) {
    var tries = 200;
    clearTimeout(waiting);
    (function again() {
      waiting = setTimeout(function () {
        var values = others(new URLSearchParams({ transactionid: transaction }), ["user", "pass"]);
        call("/validate/check_status", values).then(function (reply) {
          var transactions = (JSON.parse(reply.body).detail || {}).transactions || {};
          var one = transactions[Object.keys(transactions)[0]];
          if (!one || one.status === "closed") {
            status(reply);
          } else if (--tries > 0) {
            again();
          }
        }).catch(failed);
      }, 3000);
    })();
  }

  function remember(transaction) {
    var field = document.getElementById("transactionid");
    if (field && transaction) {
      field.value = transaction;
      if (document.querySelector("[data-status]")) { watch(transaction); }
      var next = document.getElementById("otp");
      if (next) { next.focus(); }
    }
  }

  function outcome(reply) {
    if (reply.html) {
      var page = new DOMParser().parseFromString(reply.body, "text/html");
      var id = page.querySelector("#challenge_data .transactionid, .transactionid");
      var picture = page.querySelector("img");
      var message = page.querySelector("#challenge_data .message, .message");
      if (id || picture) {
        remember(id && id.textContent.trim());
        show("open", [message ? message.textContent.trim() : texts.challenge, id && texts.transaction + ": " + id.textContent.trim()],
          picture && picture.getAttribute("src"));
      } else {
        show("bad", [texts.refused, page.body.textContent.trim()]);
      }
      return;
    }
    var answer = JSON.parse(reply.body);
    var detail = answer.detail || {};
    if (!answer.result.status) {
      show("bad", [texts.failed + " " + answer.result.error.message]);
    } else if (answer.result.value === true) {
      show("good", [texts.accepted, detail.message]);
    } else if (detail.transactionid) {
      remember(detail.transactionid);
      show("open", [detail.message || texts.challenge, texts.transaction + ": " + detail.transactionid]);
      offerDevices(detail);
    } else {
      show("bad", [texts.refused, detail.message || (detail.error && String(detail.error))]);
    }
  }

  // FIDO2: the device of one token is asked at once, of several the user chooses one
  function offerDevices(detail) {
    var asked = detail.challenges
      ? Object.keys(detail.challenges).map(function (serial) { return Object.assign({ serial: serial }, detail.challenges[serial]); })
      : [Object.assign({ serial: detail.linotp_tokenserial }, detail)];
    asked = asked.filter(function (one) { return one.signrequest; });
    if (!asked.length) {
      return;
    }
    if (!webauthn.available()) {
      line(texts.unsupported);
      return;
    }
    var box = document.createElement("div");
    box.className = "buttons";
    asked.forEach(function (one) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "button primary";
      button.textContent = texts.device + (asked.length > 1 ? " (" + (one.linotp_tokendescription || one.serial) + ")" : "");
      button.addEventListener("click", function () { askDevice(one, button); });
      box.append(button);
    });
    result.append(box);
    if (asked.length === 1) {
      line(texts.confirm);
      askDevice(asked[0], box.firstChild);
    }
  }

  function line(text) {
    var p = document.createElement("p");
    p.textContent = text;
    result.append(p);
  }

  function askDevice(one, button) {
    button.disabled = true;
    webauthn.get(one.signrequest).then(function (answer) {
      var values = others(new URLSearchParams(), ["user"]);
      values.set("transactionid", one.transactionid);
      values.set("pass", JSON.stringify(answer));
      return call("/validate/check", values).then(outcome);
    }, function (error) {
      button.disabled = false;
      line(texts.aborted + " " + error.message);
    }).catch(failed);
  }

  function status(reply) {
    var answer = JSON.parse(reply.body);
    if (!answer.result.status) {
      show("bad", [texts.failed + " " + answer.result.error.message]);
      return;
    }
    var transactions = (answer.detail && answer.detail.transactions) || {};
    var one = transactions[Object.keys(transactions)[0]];
    if (!one) {
      show("bad", [texts.none]);
      return;
    }
    show(one.accept ? "good" : one.reject ? "bad" : "open", [
      one.status === "closed" ? texts.closed : texts.open,
      one.accept ? texts.yes : one.reject ? texts.no : "",
      one.valid_tan ? texts.valid : ""]);
  }

  function failed(error) {
    show("bad", [texts.failed + " " + error.message]);
  }

  function busy(form, on) {
    form.querySelectorAll("button").forEach(function (button) { button.disabled = on; });
  }

  function others(values, names) {
    names.forEach(function (name) {
      var field = document.querySelector("[data-param=" + name + "]");
      if (field && field.value && !values.has(name)) { values.set(name, field.value); }
    });
    return values;
  }

  document.querySelectorAll("form[data-check]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      clearTimeout(waiting);
      var values = others(read(form, new URLSearchParams()), form.dataset.with ? [form.dataset.with] : []);
      new URLSearchParams(form.dataset.extra || "").forEach(function (value, name) { values.set(name, value); });
      busy(form, true);
      call("/validate/check", values).then(outcome).catch(failed).finally(function () { busy(form, false); });
    });
  });

  document.querySelectorAll("[data-status]").forEach(function (button) {
    button.addEventListener("click", function (event) {
      event.preventDefault();
      var values = new URLSearchParams();
      values.set("transactionid", document.getElementById("transactionid").value);
      others(values, ["user", "pass"]);
      busy(button.form, true);
      call("/validate/check_status", values).then(status).catch(failed).finally(function () { busy(button.form, false); });
    });
  });
})();
