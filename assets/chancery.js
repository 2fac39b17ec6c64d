// Small comforts. Every page works without them.
"use strict";
(() => {
  // What was typed survives a lost session: kept in this tab until the form was taken, which the
  // next page with a message says, whatever pages of refusals were between.
  const keyOf = (area) => "keep:" + location.pathname + ":" + area.name;
  const sent = () => JSON.parse(sessionStorage.getItem("sent") || "[]");
  if (document.querySelector(".flash")) {
    for (const key of sent()) sessionStorage.removeItem(key);
    sessionStorage.removeItem("sent");
  }
  for (const area of document.querySelectorAll("textarea[data-keep]")) {
    const kept = sessionStorage.getItem(keyOf(area));
    if (kept && !area.value) area.value = kept;
    area.addEventListener("input", () => sessionStorage.setItem(keyOf(area), area.value));
    area.form?.addEventListener("submit", () => {
      sessionStorage.setItem("sent", JSON.stringify([...sent(), keyOf(area)]));
    });
  }
  // A failed form says so first, also to those who do not see it.
  document.querySelector("[data-focus]")?.focus();
  // One press, one request.
  for (const form of document.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "1";
      setTimeout(() => { delete form.dataset.sent; }, 5000);
    });
  }
  // Leaving by the back button brings usable forms again.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form")) delete form.dataset.sent;
  });
  // On the desk the arrows go from task to task, and Space chooses the one that has the focus.
  const titles = [...document.querySelectorAll(".desk .desk-title")];
  for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = titles.length < 2;
  addEventListener("keydown", (event) => {
    const at = titles.indexOf(document.activeElement);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const box = event.key === " " && titles[at].closest("li").querySelector("input[type=checkbox]");
    if (!step && !box) return;
    event.preventDefault();
    if (box) box.click(); else titles[at + step]?.focus();
  });
  // Menus close by Escape and by a press elsewhere.
  const menus = document.querySelectorAll("details.menu");
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus) if (menu.open) { menu.open = false; menu.querySelector("summary").focus(); }
  });
  addEventListener("click", (event) => {
    for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
  });
  // Dialogs: <button data-opens="id">, <dialog id>.
  for (const button of document.querySelectorAll("[data-opens]")) {
    button.addEventListener("click", (event) => {
      const dialog = document.getElementById(button.dataset.opens);
      if (dialog?.showModal) { event.preventDefault(); dialog.showModal(); }
    });
  }
  // A secret that came in the address (after #) goes into its field and out of the address.
  const secret = document.querySelector("input[data-from-fragment]");
  if (secret && location.hash.length > 1) {
    secret.value = decodeURIComponent(location.hash.slice(1));
    history.replaceState(null, "", location.pathname + location.search);
  }
  // Copy: <button data-copies="id">.
  for (const button of document.querySelectorAll("[data-copies]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent.trim());
      button.classList.add("done");
    });
  }
})();
