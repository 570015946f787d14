/* What pages of linotp-ee do in the browser: language, theme, time zone, session, addresses. */
(function () {
  "use strict";
  var root = document.documentElement;

  function cookie(name, value) {
    document.cookie = name + "=" + value + "; path=/; max-age=31536000; samesite=lax" +
      (location.protocol === "https:" ? "; secure" : "");
  }
  function cookieOf(name) {
    var found = document.cookie.split("; ").find(function (c) { return c.indexOf(name + "=") === 0; });
    return found ? found.substring(name.length + 1) : "";
  }

  // language ------------------------------------------------------------------------------------
  document.querySelectorAll("select[data-preference]").forEach(function (select) {
    select.addEventListener("change", function () {
      cookie(select.dataset.preference, select.value);
      location.reload();
    });
  });

  // light or dark -------------------------------------------------------------------------------
  var THEMES = ["auto", "light", "dark"];
  function showTheme(button) {
    var theme = root.dataset.theme || "auto";
    button.querySelector(".pi").className = "pi " + { auto: "pi-desktop", light: "pi-sun", dark: "pi-moon" }[theme];
    button.title = button.dataset["label" + theme.charAt(0).toUpperCase() + theme.substring(1)];
    button.setAttribute("aria-label", button.title);
  }
  document.querySelectorAll("[data-theme-switch]").forEach(function (button) {
    showTheme(button);
    button.addEventListener("click", function () {
      var next = THEMES[(THEMES.indexOf(root.dataset.theme || "auto") + 1) % THEMES.length];
      root.dataset.theme = next;
      cookie("linotp_theme", next);
      showTheme(button);
      document.dispatchEvent(new CustomEvent("linotp:theme"));
    });
  });

  // navigation on small screens -----------------------------------------------------------------
  document.querySelectorAll("[data-menu]").forEach(function (button) {
    button.addEventListener("click", function () {
      var open = document.body.classList.toggle("menu-open");
      button.setAttribute("aria-expanded", String(open));
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && document.body.classList.contains("menu-open")) {
      document.querySelector("[data-menu]").click();
    }
  });

  // keys: one letter does something, g and a letter go somewhere ---------------------------------------
  var PLACES = { o: "dashboard", t: "tokens", u: "users", p: "policies", a: "audit" };
  var going = 0;
  function open(dialog) { if (dialog && !dialog.open) { dialog.showModal(); } }
  function follow(address) {
    // only where the administrator may go
    var link = document.querySelector("a[href^='" + address + "']");
    if (link) { link.click(); }
  }
  document.addEventListener("keydown", function (event) {
    var typing = /^(input|textarea|select)$/i.test(event.target.tagName) || event.target.isContentEditable;
    if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open], .ui-dialog:not([aria-hidden=true])")) { return; }
    var place = Date.now() - going < 1500 ? PLACES[event.key] : undefined;
    going = 0;
    if (place) {
      follow("/ui/manage/" + place + "/");
    } else if (event.key === "g") {
      going = Date.now();
    } else if (event.key === "n") {
      if (document.querySelector("#navigation a[href^='/ui/manage/tokens/']")) { location.href = "/ui/manage/tokens/enroll.xhtml"; }
    } else if (event.key === "?") {
      open(document.getElementById("keys-dialog"));
    } else if (event.key === "/") {
      var search = document.querySelector("input[type=search]");
      if (search) { event.preventDefault(); search.focus(); }
    }
  });
  document.querySelectorAll("[data-keys]").forEach(function (button) {
    button.addEventListener("click", function () { open(document.getElementById("keys-dialog")); });
  });
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.account[open], details.popup[open]").forEach(function (details) {
      if (!details.contains(event.target)) { details.open = false; }
    });
  });

  // the zone in which the server reads what is typed
  try {
    cookie("linotp_zone", encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC"));
  } catch (unknown) { /* it is UTC then */ }

  // times: stored in UTC, shown in the zone of the browser -----------------------------------------
  function showTimes(where) {
    var utc = cookieOf("linotp_utc") === "1";
    (where || document).querySelectorAll("time[datetime]").forEach(function (time) {
      var moment = new Date(time.getAttribute("datetime"));
      if (isNaN(moment)) { return; }
      var options = { dateStyle: "medium", timeStyle: "short" };
      if (utc) { options.timeZone = "UTC"; }
      time.textContent = new Intl.DateTimeFormat(root.lang, options).format(moment) + (utc ? " UTC" : "");
      time.title = utc ? time.getAttribute("datetime") :
        new Intl.DateTimeFormat(root.lang, { dateStyle: "full", timeStyle: "long" }).format(moment) +
        " / " + moment.toISOString().substring(0, 16).replace("T", " ") + " UTC";
    });
  }
  document.querySelectorAll("[data-utc]").forEach(function (box) {
    box.checked = cookieOf("linotp_utc") === "1";
    box.addEventListener("change", function () {
      cookie("linotp_utc", box.checked ? "1" : "0");
      showTimes();
    });
  });
  showTimes();

  // copying and printing; shown once -----------------------------------------------------------------
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy], [data-print], [data-reveal], [data-close]");
    if (!button) { return; }
    if (button.dataset.close) {
      PF(button.dataset.close).hide();
    } else if (button.hasAttribute("data-print")) {
      window.print();
    } else if (button.hasAttribute("data-reveal")) {
      var hidden = document.getElementById(button.dataset.reveal);
      hidden.hidden = !hidden.hidden;
      button.setAttribute("aria-expanded", String(!hidden.hidden));
    } else {
      var source = document.getElementById(button.dataset.copy);
      var text = source.textContent.trim();
      var done = function () {
        var old = button.textContent;
        button.textContent = button.dataset.done || old;
        setTimeout(function () { button.textContent = old; }, 1500);
      };
      if (navigator.clipboard) {
        navigator.clipboard.writeText(text).then(done);
      } else {
        var range = document.createRange();
        range.selectNodeContents(source);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        document.execCommand("copy");
        done();
      }
    }
  });

  // messages stay until they are closed
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-dismiss]");
    if (!button) { return; }
    if (button.dataset.dismiss === "all") {
      document.getElementById("messages").replaceChildren();
    } else {
      button.closest(".message").remove();
    }
  });

  // fields that only a ticked box needs
  function showFields() {
    document.querySelectorAll("[data-shown-by]").forEach(function (field) {
      var box = document.querySelector("[id$='" + field.dataset.shownBy + "']");
      field.hidden = !box.checked;
    });
  }
  document.addEventListener("change", showFields);
  showFields();

  // a form that was filled in is not left without a question
  var unsaved = null;
  function touched(event) {
    var form = event.target.closest("form[data-guard]");
    if (form) { unsaved = form; }
  }
  document.addEventListener("input", touched);
  document.addEventListener("change", touched);
  document.addEventListener("submit", function () { unsaved = null; });
  document.addEventListener("click", function (event) {
    if (event.target.closest("form[data-guard] .ui-button.primary")) { unsaved = null; }
  });
  window.addEventListener("beforeunload", function (event) {
    if (unsaved && document.contains(unsaved)) { event.preventDefault(); event.returnValue = ""; }
  });

  // a part of the page that is still asked for would be told that the session has ended, and lead elsewhere
  document.addEventListener("submit", function (event) {
    if (event.target.id === "logoutForm" && window.PrimeFaces) { PrimeFaces.ajax.Queue.abortAll(); }
  });

  // a long form shows only what is looked for
  document.addEventListener("input", function (event) {
    var form = event.target.dataset && event.target.dataset.filters && document.getElementById(event.target.dataset.filters);
    if (!form) { return; }
    var wanted = event.target.value.trim().toLowerCase();
    form.querySelectorAll(".card").forEach(function (card) {
      var some = false;
      card.querySelectorAll(".field").forEach(function (field) {
        field.hidden = field.textContent.toLowerCase().indexOf(wanted) < 0;
        some = some || !field.hidden;
      });
      card.hidden = !some;
    });
  });

  // filters take effect at once
  document.addEventListener("change", function (event) {
    var form = event.target.closest("form[data-submit-on-change]");
    if (form && event.target.matches("select, input[type=checkbox], input[type=date]")) { form.requestSubmit(); }
  });
  // an empty filter is not part of the address
  document.addEventListener("submit", function (event) {
    if (event.target.matches("form[data-lean]")) {
      event.target.querySelectorAll("input, select").forEach(function (field) {
        if (!field.value) { field.disabled = true; }
      });
    }
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-lean] :disabled").forEach(function (field) { field.disabled = false; });
  });

  // the session --------------------------------------------------------------------------------------
  var meta = document.querySelector("meta[name=session-expires]");
  var WARN = 120;
  if (meta && Number(meta.content) > 0) {
    // seconds that are left, not a time: the clock of the browser may be wrong
    var expires = Date.now() / 1000 + Number(meta.content);
    var dialog = document.getElementById("session-dialog");
    var countdown = dialog.querySelector("[data-countdown]");
    var ask = function (method) {
      return fetch("/ui/manage/session", { method: method, credentials: "same-origin" }).then(function (reply) {
        if (!reply.ok) { throw new Error("session"); }
        return reply.json();
      }).then(function (state) { expires = Date.now() / 1000 + state.seconds; });
    };
    var left = function () { return Math.floor(expires - Date.now() / 1000); };
    var asked = 0;
    setInterval(function () {
      if (left() > WARN) {
        if (dialog.open) { dialog.close(); }
        return;
      }
      if (left() <= 0) {
        location.href = "/manage/login?expired=1&from=" + encodeURIComponent(location.pathname + location.search);
        return;
      }
      // another tab or a call of this page may have renewed it
      if (Date.now() - asked > 15000) {
        asked = Date.now();
        ask("GET").catch(function () {});
        return;
      }
      countdown.textContent = Math.floor(left() / 60) + ":" + String(left() % 60).padStart(2, "0");
      if (!dialog.open) { dialog.showModal(); }
    }, 1000);
    dialog.querySelector("[data-stay]").addEventListener("click", function () {
      ask("POST").then(function () { return ask("GET"); }).then(function () { dialog.close(); })
        .catch(function () { expires = 0; });
    });
  }

  // after each answer of Faces -----------------------------------------------------------------------
  if (window.jQuery) {
    jQuery(document).on("pfAjaxComplete", function (event, xhr, settings, args) {
      showTimes();
      showFields();
      if (args && args.address !== undefined) {
        history.replaceState(null, "", location.pathname + (args.address === "?" ? "" : args.address));
      }
    });
    jQuery(document).on("pfAjaxSend", function () { document.body.classList.add("busy"); });
    jQuery(document).on("pfAjaxComplete pfAjaxError", function () { document.body.classList.remove("busy"); });
  }
})();
