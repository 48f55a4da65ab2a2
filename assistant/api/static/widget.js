// The widget: one script tag in a shop's page opens Magpie in a frame of its own.
// <script src="ADDRESS-OF-THE-SERVER/widget.js" defer></script>
// The frame is the server's own page, so nothing of it can read the shop's page, nor the reverse.
(() => {
  const script = document.currentScript;
  const home = new URL(script.src).origin;
  const token = script.dataset.token || "";
  const button = document.createElement("button");
  const frame = document.createElement("iframe");
  button.type = "button";
  button.id = "magpie-open";
  button.textContent = script.dataset.label || "Find it with Magpie";
  button.setAttribute("aria-expanded", "false");
  Object.assign(button.style, {
    position: "fixed", right: "1rem", bottom: "1rem", zIndex: 2147483000, padding: ".7rem 1rem",
    border: "0", borderRadius: "999px", background: "#2f6f5e", color: "#fff", font: "16px system-ui", cursor: "pointer",
  });
  frame.id = "magpie-frame";
  frame.title = "Magpie";
  frame.hidden = true;
  Object.assign(frame.style, {
    position: "fixed", right: "1rem", bottom: "4.5rem", zIndex: 2147483000, width: "min(26rem, calc(100vw - 2rem))",
    height: "min(38rem, calc(100vh - 6rem))", border: "1px solid #8884", borderRadius: "14px", background: "Canvas",
  });
  button.addEventListener("click", () => {
    if (!frame.src) frame.src = `${home}/widget${token ? `#token=${encodeURIComponent(token)}` : ""}`;
    frame.hidden = !frame.hidden;
    button.setAttribute("aria-expanded", String(!frame.hidden));
  });
  const show = () => document.body.append(frame, button);
  if (document.body) show(); else document.addEventListener("DOMContentLoaded", show);
})();
