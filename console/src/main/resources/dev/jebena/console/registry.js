// Registered models and their versions, with what gates say of them.
import { mlflow } from "./api.js";
import { button, facts, fill, h, notice, path, table } from "./dom.js";
import { ago, short, time } from "./format.js";
import { gates, log, verdicts } from "./gates.js";
import { lineageOf } from "./lineage.js";
import { render } from "./markdown.js";
import { go, head, setQuery } from "./pages.js";

const STAGES = ["None", "Staging", "Production", "Archived"];

export async function page(main, [name, version], query, signal) {
  if (version) return versionPage(main, name, version, signal);
  if (name) return modelPage(main, name, query, signal);
  const list = h("div", {});
  const wanted = h("input", { type: "search", placeholder: "part of the name", value: query.get("name") ?? "" });
  let turn = 0;
  const show = async () => {
    const mine = ++turn;
    const text = wanted.value.trim();
    setQuery({ name: text });
    const found = await mlflow.get("registered-models/search", {
      max_results: 200, order_by: "last_updated_timestamp DESC", filter: text ? `name ILIKE '%${text.replaceAll("'", "''")}%'` : undefined,
    }, signal);
    if (mine === turn) fill(list, modelTable(found.registered_models ?? []));
  };
  wanted.addEventListener("input", () => show().catch(error => error.name === "AbortError" || fill(list, h("p", { class: "problem", role: "alert" }, error.message))));
  fill(main, head("Model registry"), h("div", { class: "controls", role: "search" }, h("label", { class: "field" }, h("span", {}, "Name"), wanted)), list);
  await show();
}

function modelTable(models) {
  if (!models.length) return h("p", { class: "empty" }, "None here. A run registers one: ", h("code", {}, "mlflow.register_model(\"runs:/…/model\", \"name\")"));
  return table("Registered models", ["Name", "Latest", "Aliases", "Changed", "Tags"], models.map(model => [
    h("a", { href: path("console", "registry", model.name) }, model.name),
    (model.latest_versions ?? []).map(one => one.version).sort((a, b) => b - a)[0] ?? "",
    (model.aliases ?? []).map(({ alias, version }) => [h("a", { class: "tag alias", href: path("console", "registry", model.name, version) }, `@${alias} → ${version}`), " "]),
    h("time", { title: time(model.last_updated_timestamp) }, ago(model.last_updated_timestamp)), tags(model.tags),
  ]));
}

const tags = list => (list ?? []).filter(tag => !tag.key.startsWith("mlflow.")).slice(0, 6).map(tag => [h("span", { class: "tag" }, `${tag.key}: ${tag.value}`), " "]);

function described(text) {
  const body = h("div", { class: "body markdown" });
  if (text) render(text, body);
  return text ? body : null;
}

async function versionsOf(name, signal) {
  const all = [];
  let token;
  do {
    const found = await mlflow.get("model-versions/search", { filter: `name = '${name.replaceAll("'", "''")}'`, max_results: 200, page_token: token }, signal);
    all.push(...found.model_versions ?? []);
    token = found.next_page_token;
  } while (token && all.length < 5000);
  return all.sort((a, b) => b.version - a.version);
}

async function modelPage(main, name, query, signal) {
  const [{ registered_model: model }, versions] = await Promise.all([mlflow.get("registered-models/get", { name }, signal), versionsOf(name, signal)]);
  const aliases = new Map();
  for (const { alias, version } of model.aliases ?? []) aliases.set(version, [...aliases.get(version) ?? [], alias]);
  fill(main, head(name, [["Registry", "/console/registry"]]), described(model.description),
    facts([["Made", time(model.creation_timestamp)], ["Changed", time(model.last_updated_timestamp)], ["Tags", tags(model.tags)]]),
    h("h2", {}, `Versions (${versions.length})`), versions.length ? table("Versions", ["Version", "Aliases", "Stage", "State", "Made", "Run", "Description"], versions.map(one => [
      h("a", { href: path("console", "registry", name, one.version) }, `Version ${one.version}`),
      (aliases.get(one.version) ?? []).map(alias => [h("span", { class: "tag alias" }, "@" + alias), " "]),
      one.current_stage === "None" ? "" : one.current_stage, one.status === "READY" ? "ready" : one.status, h("time", { title: time(one.creation_timestamp) }, ago(one.creation_timestamp)),
      one.run_id ? h("a", { href: path("console", "runs", one.run_id) }, short(one.run_id)) : "", (one.description ?? "").slice(0, 80),
    ])) : h("p", { class: "soft" }, "None yet."),
    await gates(name, signal, () => go(location.href)), versions.length ? await lineageOf(`version:${name}/${versions[0].version}`, signal) : null, await log(name, signal));
}

async function versionPage(main, name, version, signal) {
  const [{ model_version: one }, { registered_model: model }] = await Promise.all([
    mlflow.get("model-versions/get", { name, version }, signal), mlflow.get("registered-models/get", { name }, signal)]);
  const mine = (model.aliases ?? []).filter(a => a.version === version).map(a => a.alias);
  const again = () => go(location.href);
  const change = async (done, work) => {
    try { await work(); notice(done); again(); } catch (error) { notice(error.message, true); }
  };
  const alias = h("input", { required: true, placeholder: "champion", spellcheck: "false", autocapitalize: "off", list: "aliases", name: "alias" });
  const known = [...new Set([...(model.aliases ?? []).map(a => a.alias), "champion", "challenger"])];
  fill(main, head(`${name}, version ${version}`, [["Registry", "/console/registry"], [name, path("console", "registry", name)]], [
    h("a", { class: "button", href: "/console/lineage?id=" + encodeURIComponent(`version:${name}/${version}`) }, "Lineage"),
  ]), described(one.description), facts([
    ["Aliases", mine.map(a => [h("span", { class: "tag alias" }, "@" + a, " ", button("✕", () => change(`@${a} is taken away`, () => mlflow.send("DELETE", "registered-models/alias", { name, alias: a })), { class: "mini", "aria-label": `Take away ${a}` })), " "])],
    ["Stage", one.current_stage], ["State", `${one.status} ${one.status_message ?? ""}`], ["Made", time(one.creation_timestamp)], ["By", one.user_id],
    ["Run", one.run_id ? h("a", { href: path("console", "runs", one.run_id) }, one.run_id) : null], ["Source", h("code", {}, one.source)], ["Tags", tags(one.tags)],
  ]), h("div", { class: "columns" },
    h("form", { class: "controls", onsubmit: event => { event.preventDefault(); change(`@${alias.value} is version ${version}`, () => mlflow.post("registered-models/alias", { name, version, alias: alias.value.trim() })); } },
      h("label", { class: "field" }, h("span", {}, "Alias"), alias, h("datalist", { id: "aliases" }, known.map(value => h("option", { value })))), h("button", {}, "Set")),
    stage(one, to => change(`Version ${version} is in ${to}`, () => mlflow.post("model-versions/transition-stage", { name, version, stage: to, archive_existing_versions: "false" })))),
  await verdicts(name, version, known, signal), review(name, version, change), await lineageOf(`version:${name}/${version}`, signal));
}

function stage(version, chosen) {
  return h("label", { class: "field" }, h("span", {}, "Stage"), h("select", { onchange: event => chosen(event.target.value) },
    STAGES.map(name => h("option", { value: name, selected: name === version.current_stage }, name))));
}

function review(name, version, change) {
  const comment = h("input", { placeholder: "what was looked at" });
  const say = rejected => change(rejected ? "Rejected" : "Approved", () => mlflow.post("jebena-gates/review", { name, version, comment: comment.value, rejected }));
  return h("section", {}, h("h2", {}, "Review"), h("div", { class: "controls" },
    h("label", { class: "field grow" }, h("span", {}, "Comment"), comment), button("Approve", () => say(false)), button("Reject", () => say(true))));
}
