// What a thing came from and what came of it, as a drawing and as a list.
import { mlflow } from "./api.js";
import { fill, h, path, s, table } from "./dom.js";
import { time } from "./format.js";
import { layered, WIDTH, HEIGHT } from "./layers.js";
import { go, head, setQuery } from "./pages.js";

export async function page(main, segments, query, signal) {
  const id = query.get("id") ?? "";
  const wanted = h("input", { type: "search", value: id, spellcheck: "false", autocapitalize: "off", placeholder: "run id, model/version, sha256:… or part of a name" });
  const found = h("div", {});
  const place = h("div", {});
  fill(main, head("Lineage"), h("form", { class: "controls", role: "search", onsubmit: event => {
    event.preventDefault();
    go("/console/lineage?id=" + encodeURIComponent(wanted.value.trim()));
  } }, h("label", { class: "field grow" }, h("span", {}, "Of what"), wanted), h("button", {}, "Show")), found, place);
  if (!id) return list(found, "", signal);
  try {
    show(place, await mlflow.get("jebena-lineage/graph", { id, depth: query.get("depth") ?? 20 }, signal), query);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    fill(place, h("p", { class: "problem", role: "alert" }, error.message));
    await list(found, id, signal);
  }
}

/** Things whose lineage is known. */
async function list(place, text, signal) {
  const { items } = await mlflow.get("jebena-lineage/search", { text }, signal);
  fill(place, items.length ? [h("h2", {}, text ? `Things named like ${text}` : "Known things"), table("Known things", ["Kind", "Name", "Id"], items.map(item => [
    item.kind, h("a", { href: here(item.id) }, item.name || item.id), h("code", {}, item.id.slice(0, 40))]))]
    : h("p", { class: "soft" }, "Nothing of that name is known. Runs tell what they read and wrote; ", h("code", {}, "jebena quantize"), " and its kin what they made."));
}

const here = id => "/console/lineage?id=" + encodeURIComponent(id);

/** Where a thing has a page of its own. */
function home(item) {
  if (item.id.startsWith("run:")) return path("console", "runs", item.id.slice(4));
  if (item.id.startsWith("version:")) {
    const slash = item.id.lastIndexOf("/");
    return path("console", "registry", item.id.slice(8, slash), item.id.slice(slash + 1));
  }
  return item.kind === "model" && item.name ? "/console/models/" + item.name.split("/").map(encodeURIComponent).join("/") : null;
}

function show(place, graph, query) {
  const items = new Map(graph.items.map(item => [item.id, item]));
  const start = items.get(graph.start);
  const drawing = draw(graph);
  const name = start.name || start.id;
  fill(place, h("h2", {}, name, h("span", { class: "soft" }, ` ${start.kind} `), home(start) ? h("a", { class: "button", href: home(start) }, "Its page") : null),
    graph.whole ? null : h("p", { class: "soft" }, "There is more than is shown."),
    graph.edges.length ? h("div", { class: "graph", tabindex: "0", role: "region", "aria-label": `Lineage of ${name}` }, drawing)
      : h("p", { class: "soft" }, "Nothing is known of where it came from or what came of it."),
    graph.edges.length ? h("details", { open: query.get("list") === "1", ontoggle: e => setQuery({ list: e.target.open ? "1" : null }) }, h("summary", {}, `${graph.edges.length} steps as a list`),
      table("Steps", ["From", "Step", "To", "When"], graph.edges.map(edge => [link(items.get(edge.source)), edge.job, link(items.get(edge.target)), edge.time ? time(edge.time) : ""]))) : null);
  const box = drawing.querySelector(".start")?.getBBox?.();
  const frame = place.querySelector(".graph");
  if (box && frame) frame.scrollLeft = box.x - frame.clientWidth / 2 + box.width / 2;
}

const link = item => h("a", { href: here(item.id) }, `${item.kind} ${item.name || item.id.slice(0, 24)}`);

/** The drawing alone, for the page of a thing. */
export async function lineageOf(id, signal) {
  const graph = await mlflow.get("jebena-lineage/graph", { id, depth: 6 }, signal);
  const link = h("a", { href: here(id) }, "More of it");
  return h("section", {}, h("h2", {}, "Lineage"), graph.edges.length ? [h("div", { class: "graph", tabindex: "0", role: "region", "aria-label": "Lineage" }, draw(graph)), h("p", {}, link)]
    : h("p", { class: "soft" }, "Nothing is known of where it came from or what came of it."));
}

function draw(graph) {
  const { places, width, height } = layered(graph.items.map(item => item.id), graph.edges);
  const edges = graph.edges.map(edge => {
    const from = places.get(edge.source), to = places.get(edge.target);
    const x1 = from.x + WIDTH, y1 = from.y + HEIGHT / 2, x2 = to.x, y2 = to.y + HEIGHT / 2;
    const bend = Math.max(30, Math.abs(x2 - x1) / 2);
    return s("g", { class: "edge" }, s("path", { d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2 - 6} ${y2}`, "marker-end": "url(#arrow)" }),
      s("text", { x: (x1 + x2) / 2, y: (y1 + y2) / 2 - 5 }, clipped(edge.job, 16)), s("title", {}, edge.job));
  });
  const nodes = graph.items.map(item => {
    const { x, y } = places.get(item.id);
    const name = item.name || item.id.replace(/^sha256:/, "");
    return s("a", { href: item.id === graph.start ? home(item) ?? here(item.id) : here(item.id), class: `node ${item.kind.replaceAll(" ", "-")}${item.id === graph.start ? " start" : ""}`, "aria-label": `${item.kind} ${name}` },
      s("title", {}, `${item.kind} ${item.name}\n${item.id}`), s("rect", { x, y, width: WIDTH, height: HEIGHT, rx: 8 }),
      s("text", { x: x + 10, y: y + 17, class: "kind" }, item.kind), s("text", { x: x + 10, y: y + 35 }, clipped(name, 23)));
  });
  return s("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": "Graph" },
    s("defs", {}, s("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 2, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" }, s("path", { d: "M0 0L8 4L0 8z", class: "arrowhead" }))),
    edges, nodes);
}

/** The end of a name tells more than its beginning. */
const clipped = (text, most) => text.length > most ? text.slice(0, Math.ceil(most / 3)) + "…" + text.slice(text.length - Math.floor(most * 2 / 3) + 1) : text;
