// The shortlist: what is kept, its panel, and the Keep buttons of the cards.
// Runs inside Gradio's HTML component: `element`, `trigger` and `watch` are its.

const panel = element.closest("#kept");
const open = (on) => {
  panel.toggleAttribute("data-open", on);
  if (on) element.querySelector("#kept-title")?.focus();
  else document.querySelector("#kept-open")?.focus();
};

const paint = () => {
  const drawer = element.querySelector("section");
  if (!drawer) return;
  const kept = JSON.parse(drawer.dataset.kept);
  const count = document.querySelector("#kept-open .count");
  const shown = kept.length ? ` (${kept.length})` : "";
  if (count && count.textContent !== shown) count.textContent = shown;
  for (const button of document.querySelectorAll("#chat .card-feel button[name=keep]")) {
    const pressed = String(kept.includes(button.value));
    if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
  }
};

document.addEventListener("click", (event) => {
  if (event.target.closest("#kept-open")) return open(true);
  const button = event.target.closest("#chat .card-feel button[name=keep]");
  if (!button) return;
  const again = button.getAttribute("aria-pressed") === "true";
  trigger("click", { act: again ? "let go" : "keep", item: button.value });
});
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (button?.dataset.act === "close") open(false);
  else if (button) trigger("click", { ...button.dataset });
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && panel.hasAttribute("data-open")) open(false);
});

watch("value", paint);
new MutationObserver(() => requestAnimationFrame(paint)).observe(document.body, {
  childList: true,
  subtree: true,
});
