// Send what the user does with likes and memory to the server, and show what is already felt.

const deed = (button) => trigger("click", { ...button.dataset });

document.addEventListener("click", (event) => {
  const felt = event.target.closest("#chat .card-feel button:not([name=keep])");
  if (!felt) return;
  const again = felt.getAttribute("aria-pressed") === "true";
  trigger("click", { act: again ? "nothing" : felt.name, item: felt.value });
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

always(() => {
  const drawer = element.querySelector("section");
  if (!drawer) return;
  const felt = JSON.parse(drawer.dataset.felt);
  for (const buttons of document.querySelectorAll("#chat .card-feel")) {
    buttons.hidden = drawer.dataset.on === "no";
  }
  for (const button of document.querySelectorAll("#chat .card-feel button:not([name=keep])")) {
    press(button, String(felt[button.value] === button.name));
  }
});
