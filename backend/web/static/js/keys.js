// Single-key shortcuts: a key presses the first visible control that declares it with data-key.
// The page loads this file only while the reader has shortcuts switched on (WCAG 2.1.4).
const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

// What is folded away still has a place on the page in some browsers; checkVisibility knows better.
function isShown(element) {
  return element.checkVisibility ? element.checkVisibility() : element.getClientRects().length > 0;
}

function control(key) {
  const open = document.querySelector("dialog[open]");
  const found = [...(open ?? document).querySelectorAll(`[data-key="${CSS.escape(key)}"]`)];
  return found.find((element) => !element.disabled && isShown(element));
}

// What opens or is chosen takes the focus, so that the answer needs no mouse either, and Enter sends it.
function press(element) {
  element.click();
  if (element.matches("input")) element.focus();
  if (element.matches("summary")) element.closest("details[open]")?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  if (event.target.matches?.(TYPING)) return;
  // Enter and Space belong to whatever has the focus.
  if (event.key === "Enter" && event.target.closest?.("a, button, summary, label, input")) return;
  const element = control(event.key);
  if (!element) return;
  event.preventDefault();
  if (element.matches(TYPING)) element.focus();
  else press(element);
});
