// Elements made of values. Text only ever becomes text nodes and attributes, so nothing that somebody named can turn
// into markup of these pages.

const SVG = "http://www.w3.org/2000/svg";

/** An element: `h("a", { href: "/", onclick: f, class: "x" }, "text", [nodes])`. null and false are left out. */
export function h(tag, attributes, ...children) {
  return build(document.createElement(tag), attributes, children);
}

/** The same for drawings. */
export function s(tag, attributes, ...children) {
  return build(document.createElementNS(SVG, tag), attributes, children);
}

function build(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else if (name === "checked" || name === "disabled" || name === "hidden" || name === "selected") element[name] = true;
    else if (name === "href") element.setAttribute("href", safe(String(value)));
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter(c => c !== null && c !== undefined && c !== false));
  return element;
}

/** Addresses of pages, files and other sites; a script is no address. */
function safe(address) {
  return /^(\/(?!\/)|#|\?|blob:|https?:\/\/)/.test(address) ? address : "#";
}

export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter(c => c !== null && c !== undefined && c !== false));
  return element;
}

/** A path of encoded segments: `path("console", "runs", id)`. */
export function path(...segments) {
  return "/" + segments.map(encodeURIComponent).join("/");
}

/** A select of `[value, label]` pairs. */
export function select(label, options, chosen, onchange, attributes = {}) {
  return h("label", { class: "field" }, h("span", {}, label),
    h("select", { ...attributes, onchange: event => onchange(event.target.value) },
      options.map(([value, text]) => h("option", { value, selected: value === chosen }, text))));
}

export function button(label, onclick, attributes = {}) {
  return h("button", { type: "button", onclick, ...attributes }, label);
}

/** Rows of name and value. */
export function facts(pairs) {
  return h("dl", { class: "facts" }, pairs.filter(([, value]) => value !== null && value !== undefined && value !== "" && value?.length !== 0)
    .map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

/** A table with a caption for those who do not see it; `rows` are lists of cells. */
export function table(caption, heads, rows, attributes = {}) {
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    h("table", attributes, h("caption", { class: "hidden" }, caption),
      h("thead", {}, h("tr", {}, heads.map(head => h("th", { scope: "col" }, head)))),
      h("tbody", {}, rows.map(cells => h("tr", {}, cells.map(cell => h("td", {}, cell)))))));
}

/** Tells something in passing. */
export function notice(text, bad = false) {
  const place = document.getElementById("notice");
  const line = h("p", { class: bad ? "bad" : "" }, text);
  place.append(line);
  setTimeout(() => line.remove(), bad ? 9000 : 4000);
}

/** A dialog with a form; `done(box)` is called when it is sent, and closes the box when it is satisfied; what it throws is told. */
export function form(title, action, content, done) {
  const problem = h("p", { class: "bad", role: "alert" });
  const box = h("dialog", { "aria-label": title }, h("form", { onsubmit: async event => {
    event.preventDefault();
    problem.textContent = "";
    try { await done(box); } catch (error) { problem.textContent = error.message; }
  } }, h("h2", {}, title), content, problem, h("menu", {}, button("Cancel", () => box.close()), h("button", { class: "primary" }, action))));
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}

/** Asks before something is done; resolves to true when it may be. */
export function confirmed(question, action) {
  return new Promise(resolve => {
    const box = h("dialog", { class: "small", "aria-label": question },
      h("form", { method: "dialog" }, h("p", {}, question),
        h("menu", {}, h("button", { value: "" }, "Cancel"), h("button", { value: "yes", class: "primary" }, action))));
    box.addEventListener("close", () => { box.remove(); resolve(box.returnValue === "yes"); });
    document.body.append(box);
    box.showModal();
  });
}
