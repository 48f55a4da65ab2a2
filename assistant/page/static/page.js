// Keep the latest question in sight, take files dropped anywhere, say when there is no microphone,
// and spare screen readers our markup and Gradio's slips.
//
// Gradio repeats each message's HTML in an aria-label; the text itself says it better. Below a
// short reply there must be room, or the question above it could not be scrolled to the top.
{
  let questions = 0;

  // Gradio names these in English alone.
  const named = {
    "chatbot conversation": "[[box.conversation]]",
    "Multimedia input field": "[[box.message]]",
    "Click to upload or drop files": "[[box.file_drop]]",
    "File upload": "[[box.attach]]",
    "Upload a file": "[[box.attach]]",
    "Uploaded files": "[[box.attached]]",
    "Remove file": "[[box.detach]]",
    "Record audio": "[[box.record]]",
    "Attach audio": "[[box.attach_recording]]",
    "Clear audio": "[[box.drop_recording]]",
    "Start recording": "[[box.record]]",
    "Stop recording": "[[box.stop_recording]]",
    "Select input device": "[[box.microphone]]",
    "Submit": "[[box.send]]",
    "Stop": "[[box.stop]]",
    "Scroll down": "[[box.down]]",
    "Loading response": "[[waiting.writing]]",
  };

  const tidy = () => {
    offerAnswer();
    for (const message of document.querySelectorAll("#chat [data-testid][aria-label]")) {
      if (/^(user|bot)$/.test(message.dataset.testid)) message.removeAttribute("aria-label");
    }
    for (const one of document.querySelectorAll("#chat [aria-label], #box [aria-label]")) {
      const name = named[one.getAttribute("aria-label")];
      if (name && name !== one.getAttribute("aria-label")) one.setAttribute("aria-label", name);
    }
    // Gradio calls its examples a list, without items.
    document.querySelector("#chat .examples[role]")?.removeAttribute("role");
    // Its sanitiser takes from a table that scrolls what lets a keyboard scroll it.
    for (const table of document.querySelectorAll("#chat .comparison:not([role])")) {
      table.tabIndex = 0;
      table.setAttribute("role", "region");
      table.setAttribute("aria-label", "[[comparison.title]]");
    }
    const view = document.querySelector("#chat .bubble-wrap");
    const list = view?.querySelector(".message-wrap");
    const asked = list ? list.querySelectorAll(".user-row:not(:has(.queued))") : [];
    const isNew = asked.length > questions;
    questions = asked.length;
    if (!questions) return;
    const top = asked[questions - 1].getBoundingClientRect().top;
    const used = list.lastElementChild.getBoundingClientRect().bottom - top;
    const room = Math.max(12, view.clientHeight - used - 12);
    list.style.setProperty("padding-bottom", `${room}px`, "important");
    if (isNew) view.scrollBy(0, top - view.getBoundingClientRect().top - 8);
  };

  let planned = 0;
  const soon = () => {
    cancelAnimationFrame(planned);
    planned = requestAnimationFrame(tidy);
  };
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
  addEventListener("resize", soon);

  // By keyboard the newest answer is two steps from the box, and not behind all of its buttons.
  const toAnswer = Object.assign(document.createElement("button"), {
    id: "to-answer", type: "button", textContent: "[[box.to_answer]]", hidden: true,
  });
  toAnswer.addEventListener("click", () => {
    const rows = [...document.querySelectorAll("#chat .message-row")];
    const answer = rows.slice(rows.findLastIndex((row) => row.matches(".user-row")) + 1);
    const first = (what) => answer.map((row) => row.querySelector(what)).find(Boolean);
    (first(".card button") ?? first("button, summary"))?.focus();
  });
  const offerAnswer = () => {
    const box = document.querySelector("#box");
    if (box && !toAnswer.isConnected) box.before(toAnswer);
    toAnswer.hidden = !document.querySelector("#chat .bot-row");
  };

  // A file that is dropped beside the box would otherwise be opened by the browser, in our place.
  const box = () => document.querySelector("#box");
  const inBox = (event) => event.target instanceof Element && event.target.closest("#box");
  const attach = (files) => {
    const input = box()?.querySelector("input[type=file]");
    if (!input || !files.length) return;
    const given = new DataTransfer();
    for (const file of files) given.items.add(file);
    input.files = given.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    box()?.classList.add("dropping");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) box()?.classList.remove("dropping");
  });
  addEventListener("drop", (event) => {
    box()?.classList.remove("dropping");
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (!inBox(event)) attach([...event.dataTransfer.files]);
  });
  addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    const writes = event.target instanceof Element && event.target.closest("input, textarea");
    if (files.length && !writes) attach(files);
  });

  // Gradio shows nothing where it gets no microphone.
  const hint = (text) => {
    document.querySelector("#hint")?.remove();
    if (!text) return;
    const line = document.createElement("p");
    line.id = "hint";
    line.setAttribute("role", "alert");
    line.textContent = text;
    box()?.before(line);
  };
  addEventListener("click", async (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("#box .microphone-button")) return;
    try {
      const heard = await navigator.mediaDevices.getUserMedia({ audio: true });
      for (const track of heard.getTracks()) track.stop();
      hint("");
    } catch (error) {
      const refused = error.name === "NotAllowedError";
      hint(refused
        ? "[[hint.microphone_refused]]"
        : "[[hint.no_microphone]]");
    }
  }, true);
  addEventListener("input", () => hint(""));
  addEventListener("magpie-hint", (event) => hint(event.detail));  // from a panel

  addEventListener("change", (event) => {
    if (event.target.id !== "language") return;
    const year = 31_536_000;  // seconds
    document.cookie = `magpie-language=${event.target.value}; path=/; max-age=${year}; samesite=strict`;
    location.reload();
  });
}
