// The indexed catalogues: which one is looked at, the map of its items, and how another one is added.

const deed = (button) => trigger("click", { ...button.dataset });
const look = (name) => trigger("click", { act: "look", text: name });

document.addEventListener("click", (event) => {
  const opened = event.target.closest("#catalogue-open");
  const drawer = element.querySelector("section");
  if (opened && drawer?.dataset.seen !== "yes") look("");
});
element.addEventListener("change", (event) => {
  if (event.target.dataset.act === "look") look(event.target.value);
});

const points = () => [...element.querySelectorAll(".item-map circle")];
const at = (point) => [Number(point.getAttribute("cx")), Number(point.getAttribute("cy"))];
const choose = (point) => {
  if (!point || point.getAttribute("aria-selected") === "true") return;
  for (const one of element.querySelectorAll(".item-map [aria-selected=true]")) {
    one.setAttribute("aria-selected", "false");
  }
  point.setAttribute("aria-selected", "true");
  point.closest("svg").setAttribute("aria-activedescendant", point.id);
  const seen = element.querySelector(".item-seen");
  seen.querySelector("span").textContent = point.getAttribute("aria-label");
  const picture = seen.querySelector("img");
  picture.hidden = !point.dataset.picture;
  if (point.dataset.picture) picture.src = point.dataset.picture;
};
// The nearest item wherever one points, so that no point must be hit.
const pointed = (event) => {
  const map = event.target.closest?.(".item-map");
  if (!map) return;
  const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
  const far = (point) => Math.hypot(at(point)[0] - place.x, at(point)[1] - place.y);
  choose(points().reduce((best, one) => (!best || far(one) < far(best) ? one : best), null));
};
element.addEventListener("pointermove", pointed);
element.addEventListener("pointerdown", pointed);

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
element.addEventListener("keydown", (event) => {
  const way = WAYS[event.key];
  if (!way || !event.target.matches(".item-map")) return;
  event.preventDefault();
  const here = element.querySelector(".item-map [aria-selected=true]");
  if (!here) return choose(points()[0]);
  const [x, y] = at(here);
  // What lies that way, sooner straight on than aside.
  const cost = (one) => {
    const [right, down] = [at(one)[0] - x, at(one)[1] - y];
    const along = right * way[0] + down * way[1];
    const aside = Math.abs(right * way[1]) + Math.abs(down * way[0]);
    return along > 0 ? along + 2 * aside : Infinity;
  };
  const next = points().reduce((best, one) => (cost(one) < cost(best) ? one : best), here);
  if (next !== here) choose(next);
});

// A catalogue is uploaded, or its address is handed over, and then asked after every second, without drawing the panel anew.
const MOST = 40_000_000;  // bytes, as the page takes them
const complain = (said) => {
  const form = element.querySelector(".adding-form");
  form.querySelector("[role=alert]")?.remove();
  const line = Object.assign(document.createElement("p"), { className: "memory-trouble", textContent: said });
  line.setAttribute("role", "alert");
  form.prepend(line);
};
const hostOf = (address) => (URL.canParse(address) ? new URL(address).hostname : "");
const STEMS = {
  "adding-file": (field) => (field.files[0]?.name ?? "").replace(/\.[^.]*$/, ""),
  "adding-address": (field) => hostOf(field.value).replace(/^www\./, ""),
};
element.addEventListener("change", (event) => {
  const name = element.querySelector("#adding-name");
  const stem = STEMS[event.target.id]?.(event.target);
  if (!stem || name.value) return;
  name.value = stem.normalize("NFKD").replace(/[^A-Za-z0-9_-]+/g, "-").replace(/^[-_]+|-+$/g, "").slice(0, 60);
});
element.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { file, address, name } = event.target.elements;
  if (!file.files.length === !address.value.trim()) return complain("[[adding.one]]");
  if (!file.files.length) return trigger("click", { act: "fetch", path: address.value, text: name.value });
  if (file.files[0].size > MOST) return complain("[[adding.too_large]]");
  const button = event.target.querySelector("[type=submit]");
  button.disabled = true;
  try {
    const { path } = await upload(file.files[0]);
    trigger("click", { act: "add", path, text: name.value });
  } catch {
    button.disabled = false;
    complain("[[adding.not_sent]]");
  }
});
setInterval(async () => {
  const shown = element.querySelector(".adding");
  if (shown?.dataset.running !== "yes" || !panel.hasAttribute("data-open")) return;
  const now = await fetch("adding").then((answer) => answer.json()).catch(() => null);
  if (!now || !shown.isConnected) return;
  if (!now.running) return look(now.doing === "done" ? shown.dataset.name : "");
  const bar = shown.querySelector("progress");
  if (now.total) Object.assign(bar, { max: now.total, value: now.done });
  const line = shown.querySelector("[aria-live]");
  if (line.textContent !== now.said) line.textContent = now.said;
}, 1000);

// A catalogue that was entered is that of the page's address; a conversation stays with its own.
// Opened while the page still arrived: what comes then has nothing to look at yet.
watch("value", () => {
  const drawer = element.querySelector("section");
  if (drawer?.dataset.entered) return location.assign(`?catalogue=${drawer.dataset.entered}`);
  if (panel.hasAttribute("data-open") && drawer?.dataset.seen === "no") look("");
});
