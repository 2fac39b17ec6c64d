// The secret stands in the fragment, which no server and no log ever sees. A button posts it.
"use strict";

(() => {
  const form = document.querySelector("form[data-link]");
  const secret = window.location.hash.slice(1);
  if (!form || !secret) return;
  form.elements.secret.value = secret;
  form.hidden = false;
  const typed = document.querySelector("[data-link-typed]");
  if (typed) typed.hidden = true;
  // Not left in the history or in a screenshot of the address bar.
  window.history.replaceState(null, "", window.location.pathname);
})();
