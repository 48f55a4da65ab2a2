// The schema as a page on which each request can be tried; nothing is loaded from elsewhere.
(async () => {
  const schema = await (await fetch("/openapi.json")).json();
  const add = (to, kind, text, name) => {
    const one = to.appendChild(document.createElement(kind));
    if (text) one.textContent = text;
    if (name) one.className = name;
    return one;
  };
  const known = (part) => part?.$ref ? schema.components.schemas[part.$ref.split("/").at(-1)] : part;
  const example = (part) => {
    const shape = known(part) || {};
    const found = {};
    for (const [name, field] of Object.entries(shape.properties || {})) {
      if (field.examples) found[name] = field.examples[0];
      else if ((shape.required || []).includes(name)) found[name] = example(field);
    }
    return found;
  };
  document.getElementById("about").textContent = schema.info.description;
  const operations = document.getElementById("operations");
  for (const [path, methods] of Object.entries(schema.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const box = add(operations, "details");
      const summary = add(box, "summary");
      add(summary, "span", method.toUpperCase(), "method");
      add(summary, "code", path);
      summary.append(` ${operation.summary || ""}`);
      if (operation.description) add(box, "p", operation.description);
      const body = operation.requestBody?.content["application/json"]?.schema;
      const input = body ? add(box, "textarea") : null;
      if (input) {
        input.setAttribute("aria-label", `Body of ${path}`);
        input.value = JSON.stringify(example(body), null, 2);
      }
      if (path.includes("{")) continue;
      const button = add(box, "button", "Try it");
      const answer = add(box, "pre");
      button.addEventListener("click", async () => {
        const headers = { "Content-Type": "application/json", "UCP-Agent": 'profile="https://magpie.invalid/docs"' };
        const token = document.getElementById("token").value;
        if (token) headers.Authorization = `Bearer ${token}`;
        answer.textContent = "…";
        const told = await fetch(path, { method: method.toUpperCase(), headers, body: input?.value });
        const text = await told.text();
        try { answer.textContent = `${told.status}\n${JSON.stringify(JSON.parse(text), null, 2)}`; }
        catch { answer.textContent = `${told.status}\n${text}`; }
      });
    }
  }
  const values = document.getElementById("values");
  for (const [name, shape] of Object.entries(schema.components.schemas)) {
    const box = add(values, "details");
    add(box, "summary", name);
    add(box, "pre", JSON.stringify(shape, null, 2));
  }
})();
