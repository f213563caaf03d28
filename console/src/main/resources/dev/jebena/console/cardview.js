// A card as the server's rules let it through: a tree of elements on a list, drawn without making markup of text.
import { h } from "./dom.js";
import { ask } from "./hub.js";

const ELEMENTS = new Set(["h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "blockquote", "pre", "code", "ul", "ol", "li", "em", "strong", "b", "i", "u", "s", "del", "ins", "sub", "sup", "small",
  "kbd", "samp", "var", "mark", "q", "cite", "abbr", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "div", "span", "details", "summary", "dl", "dt", "dd", "a", "img", "figure", "figcaption"]);
const ATTRIBUTES = ["title", "alt", "colspan", "rowspan", "start", "width", "height", "open"];
const ALIGNED = ["left", "right", "center"];

/** Elements for a card's tree; relative links and pictures are of the repository. */
export function cardView(tree, repo, revision, signal) {
  const context = { repo, revision, signal };
  return tree.map(node => drawn(node, context));
}

function drawn(node, context) {
  if (typeof node === "string") return document.createTextNode(node);
  const [name, given, ...children] = node;
  const inner = () => children.map(child => drawn(child, context));
  if (name === "a") return link(given.href ?? "", inner(), context);
  if (name === "img") return picture(given, context);
  const tag = name === "center" ? "div" : ELEMENTS.has(name) ? name : "span";
  const attributes = {};
  for (const key of ATTRIBUTES) if (given[key] !== undefined) attributes[key] = given[key] || (key === "open" ? true : given[key]);
  const align = name === "center" ? "center" : given.align;
  if (ALIGNED.includes(align)) attributes.class = "align-" + align;
  return h(tag, attributes, inner());
}

/** Where an address of a card leads: another site, or a file of the repository; null for what is neither. */
function place(address, { repo, revision }) {
  if (/^https?:\/\//i.test(address)) return { outside: address };
  if (/^([a-z][a-z0-9+.-]*:|\/\/|#|\/)/i.test(address) || !address) return null;
  const path = new URL(address, "http://card/").pathname.slice(1);
  try { return { file: decodeURIComponent(path), repo, revision }; } catch { return null; }
}

function link(href, children, context) {
  const to = place(href, context);
  if (to?.outside) return h("a", { href: to.outside, target: "_blank", rel: "noreferrer noopener" }, children);
  if (to?.file) return h("a", { href: `${context.repo.page}?tab=files&rev=${encodeURIComponent(context.revision)}&file=${encodeURIComponent(to.file)}` }, children);
  return h("span", {}, children);
}

/** Pictures of the repository are shown; those of other sites are not asked for. */
function picture({ src = "", alt = "", width, height }, context) {
  const to = place(src, context);
  if (to?.outside) return h("a", { class: "outside", href: to.outside, target: "_blank", rel: "noreferrer noopener" }, `[picture elsewhere: ${alt || new URL(to.outside).hostname}]`);
  const image = h("img", { alt, width, height });
  if (to?.file) {
    load(image, to, context.signal).catch(() => image.replaceWith(document.createTextNode(`[picture: ${alt || to.file}]`)));
  }
  return image;
}

const TYPES = { png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", gif: "image/gif", webp: "image/webp", svg: "image/svg+xml", bmp: "image/bmp" };

async function load(image, { repo, revision, file }, signal) {
  const type = TYPES[file.slice(file.lastIndexOf(".") + 1).toLowerCase()];
  if (!type) throw new Error("no picture");
  const content = await (await ask(repo.file(revision, file), { signal })).blob();
  const address = URL.createObjectURL(new Blob([content], { type }));
  signal.addEventListener("abort", () => URL.revokeObjectURL(address));
  image.src = address;
}
