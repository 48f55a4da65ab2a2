// The indexed catalogues: which one is looked at, and the map of its items by pointer and by keys.

const deed = () => {};
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
