// Send what the user does with likes and memory to the server, and show what is already felt.
// Runs inside Gradio's HTML component: `element`, `trigger` and `watch` are its.

const opener = () => document.querySelector("#memory-open");
const panel = element.closest("#memory");
const open = (on) => {
  panel.toggleAttribute("data-open", on);
  if (on) element.querySelector("#memory-title")?.focus();
  else opener()?.focus();
};

const paint = () => {
  const drawer = element.querySelector("section");
  if (!drawer) return;
  const felt = JSON.parse(drawer.dataset.felt);
  for (const buttons of document.querySelectorAll("#chat .card-feel")) {
    buttons.hidden = drawer.dataset.on === "no";
  }
  for (const button of document.querySelectorAll("#chat .card-feel button:not([name=keep])")) {
    const pressed = String(felt[button.value] === button.name);
    if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
  }
};

document.addEventListener("click", (event) => {
  if (event.target.closest("#memory-open")) return open(true);
  const felt = event.target.closest("#chat .card-feel button:not([name=keep])");
  if (!felt) return;
  const again = felt.getAttribute("aria-pressed") === "true";
  trigger("click", { act: again ? "nothing" : felt.name, item: felt.value });
});
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (button?.dataset.act === "close") open(false);
  else if (button) trigger("click", { ...button.dataset });
});
element.addEventListener("change", (event) => {
  if (event.target.dataset.act === "switch") trigger("click", { act: "switch" });
});
element.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = event.target.elements.text;
  trigger("click", { act: "add", text: text.value });
  text.value = "";
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && panel.hasAttribute("data-open")) open(false);
});

watch("value", paint);
new MutationObserver(() => requestAnimationFrame(paint)).observe(document.body, {
  childList: true,
  subtree: true,
});
