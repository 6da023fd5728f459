// Small comforts, none of which anything depends on: buttons that copy, and scrolling to what went wrong.
"use strict";
function equip(root) {
  for (const button of root.querySelectorAll("button.copy[hidden]")) {
    button.hidden = !navigator.clipboard;
  }
}
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy");
  if (!button) return;
  const words = button.firstChild;
  await navigator.clipboard.writeText(button.parentElement.querySelector("[data-copy]").textContent);
  words.data = "Copied";
  setTimeout(() => { words.data = "Copy"; }, 1500);
});
document.addEventListener("htmx:afterSwap", (event) => equip(event.target.parentElement || document));
equip(document);
