// The list of conversations, and the buttons beside a message; the address names the conversation.

const find = (words) => {
  for (const row of element.querySelectorAll(".talk-lines li")) {
    row.hidden = !row.dataset.words.includes(words.trim().toLowerCase());
  }
};
const rename = (button) => {
  const row = button.closest("li");
  const name = document.createElement("input");
  name.value = row.querySelector(".talk-open span").textContent;
  name.className = "talk-title";
  name.maxLength = 80;
  name.setAttribute("aria-label", "[[talks.new_title]]");
  name.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    trigger("click", { act: "rename", session: button.dataset.session, text: name.value });
  });
  row.querySelector(".talk-open").replaceWith(name);
  name.select();
};

const aloud = (button) => {  // the browser's own voice; nothing leaves the machine
  if (speechSynthesis.speaking) return speechSynthesis.cancel();
  const words = [...document.querySelectorAll("#chat .words")].at(-1);  // of the last answer
  const said = new SpeechSynthesisUtterance(words?.innerText ?? "");
  said.lang = words?.lang || "en";
  said.onstart = () => { button.textContent = "[[turn.quiet]]"; };
  said.onend = said.onerror = () => { button.textContent = "[[turn.aloud]]"; };
  speechSynthesis.speak(said);
};

// A limit becomes a number field in its place: Enter sets it, Escape leaves it as it was.
const change = (button) => {
  const [, place, before] = button.value.split(":");
  const field = Object.assign(document.createElement("input"), {
    type: "number", min: 0, step: "any", value: before, className: "limit",
  });
  field.setAttribute("aria-label", "[[chip.value]]");
  let over = false;  // to take the field away blurs it
  const back = (focus) => {
    if (over) return;
    over = true;
    field.replaceWith(button);
    if (focus) button.focus();
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") back(true);
    if (event.key !== "Enter" || !field.value || !field.validity.valid) return;
    event.preventDefault();
    if (Number(field.value) === Number(before)) return back(true);
    over = field.disabled = true;
    trigger("click", { act: `limit:${place}:${field.value}` });
  });
  field.addEventListener("blur", () => back(false));
  button.replaceWith(field);
  field.select();
};

document.addEventListener("change", (event) => {
  const { target } = event;
  if (target.closest?.("#chat .balance")) trigger("click", { act: `balance:${target.value}` });
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("#chat :is(.turn-buttons, .chips) button");
  if (button?.value === "aloud") aloud(button);
  else if (button?.value.startsWith("limit:")) change(button);
  else if (button) trigger("click", { act: button.value });
});
const deed = (button) => {
  const { act, session } = button.dataset;
  if (act === "rename") return rename(button);
  if (act === "delete" && !button.dataset.sure) {
    button.dataset.sure = "yes";
    button.textContent = "[[talks.sure]]";
    return;
  }
  trigger("click", { act, session });
  if (act === "open") open(false);
};
element.addEventListener("input", (event) => {
  if (event.target.name === "find") find(event.target.value);
});

const name = () => {
  const { session, catalogue, trouble } = element.querySelector("section")?.dataset ?? {};
  if (session === undefined) return;
  document.querySelector("#shop").textContent = catalogue;
  const address = new URL(location.href);
  if (session) address.searchParams.set("conversation", session);
  else address.searchParams.delete("conversation");
  if (trouble) {
    address.searchParams.delete("catalogue");
    dispatchEvent(new CustomEvent("magpie-hint", { detail: trouble }));
  }
  if (address.href !== location.href) history.replaceState(history.state, "", address);
};
watch("value", name);
