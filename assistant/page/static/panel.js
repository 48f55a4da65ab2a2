// What every panel does: it opens, closes and gives the focus back, and its buttons say their deeds.
// Stands before each panel's own script, inside Gradio's HTML component: `element`, `trigger` and
// `watch` are its.

const panel = element.closest("#talks, #kept, #memory, #catalogue");
const open = (on) => {
  panel.toggleAttribute("data-open", on);
  if (on) element.querySelector("h2")?.focus();
  else document.querySelector(`#${panel.id}-open`)?.focus();
};
const always = (paint) => {  // also where the conversation changes
  watch("value", paint);
  new MutationObserver(() => requestAnimationFrame(paint)).observe(document.body, {
    childList: true,
    subtree: true,
  });
};
const press = (button, pressed) => {
  if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
};

document.addEventListener("click", (event) => {
  if (event.target.closest(`#${panel.id}-open`)) open(true);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && panel.hasAttribute("data-open")) open(false);
});
// What is drawn anew loses the focus: it goes to what stands in the same place, or to the title.
let focused = "h2";
element.addEventListener("focusin", ({ target }) => {
  const { act } = target.dataset;
  focused = target.id ? `#${CSS.escape(target.id)}` : act ? `[data-act="${CSS.escape(act)}"]` : "h2";
});
watch("value", () => requestAnimationFrame(() => {
  const lost = [document.body, document.querySelector(`#${panel.id}-open`)];
  if (!panel.hasAttribute("data-open") || !lost.includes(document.activeElement)) return;
  (element.querySelector(focused) ?? element.querySelector("h2"))?.focus();
}));
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (button?.dataset.act === "close") open(false);
  else if (button) deed(button);  // the panel's own
});

