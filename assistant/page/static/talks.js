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

document.addEventListener("click", (event) => {
  const button = event.target.closest("#chat :is(.turn-buttons, .chips) button");
  if (button?.value === "aloud") aloud(button);
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
  const session = element.querySelector("section")?.dataset.session;
  if (session === undefined) return;
  const address = new URL(location.href);
  if (session) address.searchParams.set("conversation", session);
  else address.searchParams.delete("conversation");
  if (address.href !== location.href) history.replaceState(history.state, "", address);
};
watch("value", name);
