// Keep the latest question in sight, and spare screen readers our markup.
//
// Gradio repeats each message's HTML in an aria-label; the text itself says it better. Below a
// short reply there must be room, or the question above it could not be scrolled to the top.
() => {
  let questions = 0;

  const tidy = () => {
    for (const message of document.querySelectorAll("#chat [data-testid][aria-label]")) {
      if (/^(user|bot)$/.test(message.dataset.testid)) message.removeAttribute("aria-label");
    }
    const view = document.querySelector("#chat .bubble-wrap");
    const list = view?.querySelector(".message-wrap");
    const asked = list ? list.querySelectorAll(".user-row") : [];
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
}
