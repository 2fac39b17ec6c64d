// The secret stands in the fragment, which no server and no log ever sees. A button posts it.
"use strict";

// A link pasted into the address bar of this very page changes the fragment only: open it anew.
window.addEventListener("hashchange", () => {
  if (window.location.hash.length > 1) window.location.assign("/s?open" + window.location.hash);
});

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
