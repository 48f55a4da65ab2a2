// The conversation in the widget's frame. Text of records is set as text, never as markup.
(() => {
  const said = document.getElementById("said"), words = document.getElementById("words");
  const photo = document.getElementById("photo"), named = document.getElementById("photo-name");
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  const messages = [];
  let busy = false;

  const line = (kind, text) => {
    const one = said.appendChild(document.createElement("li"));
    one.className = kind;
    one.textContent = text;
    return one;
  };
  const read = (file) => new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = () => fail(new Error("the photo cannot be read"));
    reader.readAsDataURL(file);
  });
  const picture = async (image, address) => {  // by fetch, for a request of the page has no token
    const answer = await fetch(new URL(new URL(address).pathname, location.origin), { headers });
    if (answer.ok) image.src = URL.createObjectURL(await answer.blob());
  };
  const card = (item) => {
    const one = document.createElement("div"), title = document.createElement("strong");
    one.className = "card";
    one.dataset.id = item.id;
    if (item.picture) {
      const image = one.appendChild(document.createElement("img"));
      image.alt = item.title;
      picture(image, item.picture).catch(() => image.remove());
    }
    title.textContent = item.title;
    one.append(title, document.createElement("br"));
    if (item.price != null) one.append(`${item.price} ${item.currency || ""}`);
    return one;
  };
  const show = (line, answer) => {
    const cards = document.createElement("div");
    cards.className = "cards";
    const shown = answer.items.length ? answer.items : answer.near || [];
    cards.append(...shown.map(card));
    line.textContent = [answer.answer, answer.notice].filter(Boolean).join("\n\n");
    if (shown.length) line.prepend(cards);
    for (const offered of answer.suggestions || []) {
      const button = line.appendChild(document.createElement("button"));
      button.type = "button";
      button.textContent = offered.message;
      button.addEventListener("click", () => send(offered.message));
    }
  };
  const lines = async function* (body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (let part; !(part = await reader.read()).done;) {
      rest += part.value;
      for (let end; (end = rest.indexOf("\n\n")) >= 0; rest = rest.slice(end + 2)) {
        const told = rest.slice(0, end).replace(/^data: /, "");
        if (told && told !== "[DONE]") yield JSON.parse(told);
      }
    }
  };
  const send = async (text, file) => {
    if (busy || !(text.trim() || file)) return;
    busy = true;
    line("asked", file ? `${text} (${file.name})`.trim() : text);
    const answered = line("answered", "…");
    try {
      const content = [{ type: "text", text }];
      if (file) content.push({ type: "image_url", image_url: { url: await read(file) } });
      const asked = [...messages, { role: "user", content }];
      const body = JSON.stringify({ model: "magpie", messages: asked, stream: true });
      const answer = await fetch("/v1/chat/completions", {
        method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body,
      });
      if (!answer.ok) throw new Error((await answer.json()).error.message);
      let spoken = "";
      for await (const chunk of lines(answer.body)) {
        spoken += chunk.choices[0].delta.content || "";
        if (chunk.magpie) show(answered, chunk.magpie);
      }
      messages.push(asked.at(-1), { role: "assistant", content: spoken });
    } catch (error) {
      answered.className = "fault";
      answered.textContent = String(error.message || error);
    }
    answered.scrollIntoView({ block: "nearest" });
    busy = false;
  };
  photo.addEventListener("change", () => { named.textContent = photo.files[0]?.name || "Photo"; });
  document.getElementById("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    send(words.value, photo.files[0]);
    words.value = photo.value = "";
    named.textContent = "Photo";
  });
})();
