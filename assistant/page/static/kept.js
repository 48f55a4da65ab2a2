// The shortlist: what is kept, and the Keep buttons of the cards.

const deed = (button) => trigger("click", { ...button.dataset });

document.addEventListener("click", (event) => {
  const button = event.target.closest("#chat .card-feel button[name=keep]");
  if (!button) return;
  const again = button.getAttribute("aria-pressed") === "true";
  trigger("click", { act: again ? "let go" : "keep", item: button.value });
});

always(() => {
  const drawer = element.querySelector("section");
  if (!drawer) return;
  const kept = JSON.parse(drawer.dataset.kept);
  const count = document.querySelector("#kept-open .count");
  const shown = kept.length ? ` (${kept.length})` : "";
  if (count && count.textContent !== shown) count.textContent = shown;
  for (const button of document.querySelectorAll("#chat .card-feel button[name=keep]")) {
    press(button, String(kept.includes(button.value)));
  }
});
