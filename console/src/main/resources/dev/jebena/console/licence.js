// Under which licences a repository and what it came from come, drawn, and how open it is.
import { fill, h, s, table } from "./dom.js";
import { json } from "./hub.js";
import { HEIGHT, layered, WIDTH } from "./layers.js";
import { address } from "./repo.js";

const VERDICTS = { allowed: ["passed", "✓ allowed"], conditions: ["passed", "✓ with conditions"], review: ["asked", "? a person has to look"], conflict: ["failed", "✗ conflict"] };

/** The tab of licences. */
export async function licence({ repo, revision, signal, body }) {
  fill(body, h("p", { class: "soft" }, "Looking at the files …"));
  const found = await report(repo, "licence", revision, signal);
  if (!found) return fill(body, h("p", { class: "empty" }, "This server makes no reports of licences."));
  const { license, terms, evidence, disagreements, graph } = found;
  const proof = h("div", {});
  fill(body, h("h2", {}, license || "No licence"), license ? h("p", {}, terms.name, " ", terms.traits.map(one => [h("span", { class: "tag" }, one), " "]),
    /^https?:/.test(terms.source) ? h("a", { href: terms.source, target: "_blank", rel: "noreferrer noopener" }, "its text") : null)
    : h("p", { class: "problem" }, "Nothing says under which licence this comes, so nobody else may use it. Name one in README.md, or add a LICENSE file."),
  disagreements.map(line => h("p", { class: "problem" }, line)), evidence.length ? table("What says so", ["File", "Licence", "By", ""], evidence.map(one => [
    h("a", { href: address(repo, "files", revision, "&file=" + encodeURIComponent(one.path)) }, one.line ? `${one.path}:${one.line}` : one.path), one.license,
    one.how === "text" ? `its text, ${(one.score * 100).toFixed(1)} % alike` : one.how, one.note])) : null,
  h("h2", {}, "What it came from ", verdict(graph.verdict)), graph.steps.length ? [h("div", { class: "graph", tabindex: "0", role: "region", "aria-label": "Licence graph" }, drawing(graph, repo)), steps(graph)]
    : h("p", { class: "soft" }, "The card names neither base_model nor datasets."), proof);
  if (repo.kind === "models") await openness(proof, repo, revision, signal);
}

async function report(repo, name, revision, signal) {
  try {
    return await json(`${repo.api}/${name}`, { revision }, signal);
  } catch (error) {
    if (error.status === 404 && /^There is no /.test(error.message)) return null;
    throw error;
  }
}

function verdict(level) {
  const [kind, text] = VERDICTS[level] ?? ["", level];
  return h("span", { class: `tag verdict-${level} ${kind}` }, text);
}

function steps(graph) {
  return h("div", {}, graph.steps.map(step => h("section", { class: `finding step-${step.verdict}` }, h("h3", {}, step.from, h("span", { class: "soft" }, ` ${step.relation} → ${step.to} `), verdict(step.verdict)),
    h("p", { class: "soft" }, `by ${step.proof}`), step.verdicts.map(one => h("p", {}, verdict(one.verdict), " ", one.reason, h("span", { class: "soft" }, ` ${one.rule}`),
      /^https?:/.test(one.source) ? [" ", h("a", { href: one.source, target: "_blank", rel: "noreferrer noopener" }, "where that stands")] : null)))));
}

function drawing(graph, repo) {
  const { places, width, height } = layered(graph.things.map(one => one.name), graph.steps.map(step => ({ source: step.from, target: step.to })));
  const edges = graph.steps.map(step => {
    const from = places.get(step.from), to = places.get(step.to);
    const x1 = from.x + WIDTH, y1 = from.y + HEIGHT / 2, x2 = to.x, y2 = to.y + HEIGHT / 2, bend = Math.max(30, Math.abs(x2 - x1) / 2);
    return s("g", { class: `edge edge-${step.verdict}` }, s("path", { d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}` }), s("text", { x: (x1 + x2) / 2, y: (y1 + y2) / 2 - 5 }, step.relation));
  });
  const nodes = graph.things.map(one => {
    const { x, y } = places.get(one.name);
    const known = /^[\w.-]+\/[\w.-]+$/.test(one.name) && one.proof !== "";
    const id = one.license.id || "no licence known";
    const box = [s("title", {}, `${one.kind} ${one.name}\n${one.license.name || id}`), s("rect", { x, y, width: WIDTH, height: HEIGHT, rx: 8 }),
      s("text", { x: x + 10, y: y + 17, class: "kind" }, `${one.kind} · ${id}`.slice(0, 34)), s("text", { x: x + 10, y: y + 35 }, one.name.length > 23 ? "…" + one.name.slice(-22) : one.name)];
    const kind = `node${one.name === repo.id ? " start" : ""}`;
    return known ? s("a", { class: kind, href: `/console/repos/${one.kind}s/${one.name.split("/").map(encodeURIComponent).join("/")}?tab=licence`, "aria-label": `${one.kind} ${one.name}, ${id}` }, box) : s("g", { class: kind }, box);
  });
  return s("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": "Graph" }, edges, nodes);
}

const STATUS = { open: ["passed", "✓ open"], restricted: ["asked", "! restricted"], unlicensed: ["failed", "✗ no licence"], referenced: ["asked", "→ named, not here"], missing: ["failed", "✗ missing"] };

async function openness(place, repo, revision, signal) {
  const found = await report(repo, "openness", revision, signal);
  if (!found) return;
  const areas = [...new Set(found.components.map(one => one.area))];
  const files = one => one.proof.map(path => [h("a", { href: address(repo, "files", revision, "&file=" + encodeURIComponent(path)) }, path), " "]);
  fill(place, h("h2", { id: "openness" }, "Openness"), h("p", {}, found.class ? `Class ${found.class} of the ` : "No class of the ",
    h("a", { href: found.framework.source, target: "_blank", rel: "noreferrer noopener" }, `${found.framework.name} ${found.framework.version}`), "."),
  table("Classes", ["Class", "Open", "Missing"], found.classes.map(one => [h("span", { class: one.complete ? "passed" : "" }, h("span", {}, one.complete ? "✓ " : ""), `${one.class} ${one.name}`), `${one.open} of ${one.needed}`, one.missing.join(", ")])),
  areas.map(area => [h("h3", {}, area.slice(0, 1).toUpperCase() + area.slice(1)), table(area, ["Part", "State", "Licence", "Proven by"], found.components.filter(one => one.area === area).map(one => {
    const [kind, text] = STATUS[one.status] ?? ["", one.status];
    return [one.component, h("span", { class: kind }, h("span", {}, text)), one.license, [files(one), one.note ? h("span", { class: "soft" }, one.note) : null]];
  }))]), h("p", {}, h("a", { class: "button", href: `${repo.api}/openness?revision=${encodeURIComponent(revision)}`, download: "openness.json" }, "As JSON")));
}
