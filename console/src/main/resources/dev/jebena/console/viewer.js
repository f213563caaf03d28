// Shows what is in a file: pictures, tables, JSON, Markdown, text.
import { button, fill, h } from "./dom.js";
import { render } from "./markdown.js";

const PICTURES = { png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", gif: "image/gif", webp: "image/webp", svg: "image/svg+xml", bmp: "image/bmp" };
const ROWS = 500;
const TEXT = 500_000; // Characters shown at first.

/** An element for a file's contents. */
export async function shownFile(name, blob, signal) {
  const kind = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  if (PICTURES[kind]) return picture(name, blob, PICTURES[kind], signal);
  const head = new Uint8Array(await blob.slice(0, 4096).arrayBuffer());
  if (head.includes(0)) return binary(head, blob.size);
  const text = await blob.text();
  if (kind === "csv" || kind === "tsv") return grid(cells(text, kind === "tsv" ? "\t" : separator(text)));
  if (kind === "json" || kind === "ipynb") return json(text);
  if (kind === "jsonl" || kind === "ndjson") return lines(text);
  if (kind === "md" || kind === "markdown") return markdown(text);
  return plain(text);
}

/** A picture as a picture only: drawings run no scripts there. */
function picture(name, blob, type, signal) {
  const address = URL.createObjectURL(new Blob([blob], { type }));
  signal?.addEventListener("abort", () => URL.revokeObjectURL(address));
  return h("img", { class: "picture", src: address, alt: name });
}

function binary(head, size) {
  const rows = [];
  for (let i = 0; i < Math.min(head.length, 512); i += 16) {
    const part = [...head.slice(i, i + 16)];
    rows.push(`${i.toString(16).padStart(6, "0")}  ${part.map(b => b.toString(16).padStart(2, "0")).join(" ").padEnd(48)} ${part.map(b => b > 31 && b < 127 ? String.fromCharCode(b) : ".").join("")}`);
  }
  return [h("p", { class: "soft" }, `Binary, ${size} bytes. It begins with`), h("pre", {}, rows.join("\n"))];
}

export function plain(text) {
  const pre = h("pre", { class: "plain", tabindex: "0" }, text.slice(0, TEXT));
  const more = text.length > TEXT ? button("Show all", () => { pre.textContent = text; more.remove(); }) : null;
  return [pre, more];
}

function markdown(text) {
  const body = h("div", { class: "body markdown" });
  render(text, body);
  return [body, h("details", {}, h("summary", {}, "Source"), plain(text))];
}

function separator(text) {
  const line = text.slice(0, text.indexOf("\n") >>> 0);
  return line.split(";").length > line.split(",").length ? ";" : ",";
}

/** The cells of a CSV text: quotes, doubled quotes, line ends within quotes. */
export function cells(text, comma) {
  const rows = [];
  let row = [], cell = "", quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') { cell += '"'; i++; } else quoted = false;
    } else if (c === '"' && cell === "") quoted = true;
    else if (c === comma) { row.push(cell); cell = ""; }
    else if (c === "\n" || c === "\r") {
      if (c === "\r" && text[i + 1] === "\n") i++;
      row.push(cell);
      rows.push(row);
      row = [];
      cell = "";
    } else cell += c;
  }
  if (cell !== "" || row.length) { row.push(cell); rows.push(row); }
  return rows;
}

/** A table of cells, its first row the names; sorted by a click on one of them. */
export function grid(rows) {
  const [names = [], ...all] = rows;
  let shown = ROWS, sorted = null, down = false;
  const place = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table" });
  const note = h("p", { class: "soft" });
  const draw = () => {
    const order = sorted === null ? all : [...all].sort((a, b) => (down ? -1 : 1) * (a[sorted] ?? "").localeCompare(b[sorted] ?? "", "en", { numeric: true }));
    fill(place, h("table", {}, h("thead", {}, h("tr", {}, names.map((name, i) => h("th", { scope: "col", "aria-sort": sorted === i ? (down ? "descending" : "ascending") : null },
      button(name || " ", () => { down = sorted === i && !down; sorted = i; draw(); }, { class: "sort" }))))),
    h("tbody", {}, order.slice(0, shown).map(row => h("tr", {}, names.map((_, i) => h("td", {}, row[i] ?? "")))))));
    fill(note, `${Math.min(shown, all.length)} of ${all.length} rows `, shown < all.length ? button(`${ROWS} more`, () => { shown += ROWS; draw(); }) : null);
  };
  draw();
  return [place, note];
}

function json(text) {
  let value;
  try { value = JSON.parse(text); } catch (error) { return [h("p", { class: "bad" }, `No valid JSON: ${error.message}`), plain(text)]; }
  if (Array.isArray(value?.columns) && Array.isArray(value?.data)) return [grid([value.columns.map(String), ...value.data.map(row => row.map(cell => typeof cell === "object" ? JSON.stringify(cell) : String(cell)))]), source(text)];
  return [h("div", { class: "json" }, node(null, value, 0)), source(text)];
}

const source = text => h("details", {}, h("summary", {}, "Source"), plain(text));

/** A value as a tree whose branches open. */
export function node(name, value, depth) {
  const label = name === null ? null : h("span", { class: "jsonname" }, `${name}: `);
  if (value === null || typeof value !== "object") return h("div", {}, label, h("span", { class: `json-${value === null ? "null" : typeof value}` }, JSON.stringify(value)));
  const entries = Array.isArray(value) ? value.map((v, i) => [i, v]) : Object.entries(value);
  const body = h("div", { class: "jsonbody" });
  const details = h("details", {}, h("summary", {}, label, h("span", { class: "soft" }, Array.isArray(value) ? `[${entries.length}]` : `{${entries.length}}`)), body);
  let shown = 0;
  const more = () => {
    const part = entries.slice(shown, shown + 200);
    shown += part.length;
    body.append(...part.map(([key, inner]) => node(key, inner, depth + 1)));
    if (shown < entries.length) {
      const next = button(`${entries.length - shown} more`, () => { next.remove(); more(); });
      body.append(next);
    }
  };
  details.addEventListener("toggle", () => { if (details.open && !shown) more(); });
  if (depth < 2 && entries.length < 100) { details.open = true; more(); }
  return details;
}

function lines(text) {
  const all = text.split("\n").filter(line => line.trim());
  return [h("p", { class: "soft" }, `${all.length} lines`), h("div", { class: "json" }, all.slice(0, 200).map((line, i) => {
    try { return node(i + 1, JSON.parse(line), 2); } catch { return h("div", { class: "bad" }, `${i + 1}: ${line.slice(0, 300)}`); }
  })), source(text)];
}
