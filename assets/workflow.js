// A workflow's text is checked while it is typed. Without this the page's button does the same.
"use strict";
(() => {
  const form = document.querySelector("form[data-workflow]");
  const place = document.querySelector("[data-workflow-checked]");
  if (!form || !place) return;
  const area = form.elements.source;
  let timer = 0;
  let asked = 0;
  const check = async () => {
    const own = ++asked;
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.check, { method: "POST", credentials: "same-origin", body })
      .catch(() => null);
    // A later answer counts; one that failed leaves what was there.
    if (own !== asked || !answer?.ok) return;
    place.innerHTML = await answer.text();
  };
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(check, 500);
  });
  // From a finding to its line.
  place.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-line]");
    if (!link) return;
    event.preventDefault();
    const lines = area.value.split("\n");
    const index = Number(link.dataset.line) - 1;
    const start = lines.slice(0, index).reduce((sum, line) => sum + line.length + 1, 0);
    area.focus();
    area.setSelectionRange(start, start + (lines[index] ?? "").length);
    area.scrollTop = (area.scrollHeight / lines.length) * Math.max(0, index - 5);
  });
})();
