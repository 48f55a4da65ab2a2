// An item's pictures, large: one after another by buttons or arrow keys, and near by a press on it.
// The browser's own dialog keeps the focus inside, closes on Escape and gives the focus back.
{
  const dialog = document.createElement("dialog");
  dialog.id = "gallery";
  dialog.innerHTML = `
    <div class="stage" tabindex="-1"><img alt=""></div>
    <footer>
      <p><span class="title" dir="auto"></span> <span class="place" aria-live="polite"></span></p>
      <button type="button" name="zoom" aria-pressed="false">[[gallery.zoom]]</button>
      <button type="button" name="back">[[gallery.back]]</button>
      <button type="button" name="on">[[gallery.on]]</button>
      <button type="button" name="close">[[panel.close]]</button>
    </footer>`;
  document.body.append(dialog);
  const part = (selector) => dialog.querySelector(selector);
  const picture = part("img");
  let address = "", count = 0, place = 0;

  const near = (on) => {
    dialog.toggleAttribute("data-near", on);
    part("[name=zoom]").setAttribute("aria-pressed", String(on));
    part(".stage").tabIndex = on ? 0 : -1;
  };
  const show = (wanted) => {
    place = (wanted + count) % count;
    near(false);
    picture.src = `${address}?picture=${place + 1}&large=yes`;
    part(".place").textContent = count > 1 ? `${place + 1} / ${count}` : "";
  };
  const acts = {
    zoom: () => near(!dialog.hasAttribute("data-near")),
    back: () => show(place - 1),
    on: () => show(place + 1),
    close: () => dialog.close(),
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("#chat button[name=pictures]");
    if (!button) return;
    const shown = button.querySelector("img");
    [address, count] = [shown.src.split("?")[0], Number(button.value)];
    part(".title").textContent = picture.alt = shown.alt;
    for (const name of ["back", "on"]) part(`[name=${name}]`).hidden = count < 2;
    show(0);
    dialog.showModal();
    part("[name=close]").focus();
    dialog.addEventListener("close", () => button.focus(), { once: true });
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) return dialog.close();
    acts[event.target === picture ? "zoom" : event.target.name]?.();
  });
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && count > 1 && !dialog.hasAttribute("data-near")) show(place + step);
  });
}
