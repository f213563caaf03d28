// What stands between a version and an alias, and who did what.
import { each, mlflow } from "./api.js";
import { h, table } from "./dom.js";
import { time } from "./format.js";

/** What a gate demands, in words. */
function demands(gate) {
  return [
    gate.run_filter ? `run: ${gate.run_filter}` : null, ...(gate.not_worse ?? []).map(metric => `no worse: ${metric}`),
    ...(gate.tags ?? []).map(({ key, values }) => values.length ? `tag ${key} is ${values.join(" or ")}` : `tag ${key} is set`),
    gate.described ? "a description" : null, gate.reviews ? `${gate.reviews} approvals` : null,
  ].filter(Boolean);
}

const listed = async (name, signal) => (await mlflow.get("jebena-gates/list", {}, signal)).gates.filter(gate => gate.name === name || gate.name === "*");

/** The gates of a model. */
export async function gates(name, signal) {
  const found = await listed(name, signal);
  return h("section", {}, h("h2", {}, "Gates"), found.length ? table("Gates", ["Alias", "Of", "Demands"], found.map(gate => [
    gate.alias, gate.name === "*" ? "all models" : gate.name, h("ul", {}, demands(gate).map(text => h("li", {}, text)))]))
    : h("p", { class: "soft" }, "None: every alias may name every version. ", h("code", {}, "jebena gate set"), " makes one."));
}

/** What the gates say of a version, one part for each alias that has a gate. */
export async function verdicts(name, version, aliases, signal) {
  const wanted = [...new Set([...(await listed(name, signal)).map(gate => gate.alias), ...aliases])];
  const reports = new Map();
  await each(wanted, 4, async alias => reports.set(alias, await mlflow.get("jebena-gates/check", { name, version, alias }, signal)));
  const shown = wanted.map(alias => reports.get(alias)).filter(report => report.findings.length);
  return h("section", { class: "verdicts" }, h("h2", {}, "Gates"), shown.length ? shown.map(report => h("div", { class: `verdict ${report.allowed ? "good" : "bad"}` },
    h("h3", {}, report.allowed ? "✓ " : "✗ ", report.alias.startsWith("stage:") ? report.alias.slice(6) : "@" + report.alias, report.allowed ? " may name this version" : " may not name this version"),
    h("ul", {}, report.findings.map(finding => h("li", { class: finding.passed ? "passed" : "failed" },
      h("span", {}, finding.passed ? "✓ " : "✗ "), finding.demand, h("span", { class: "soft" }, ` found: ${finding.found}`))))))
    : h("p", { class: "soft" }, "No gate stands before any alias of this model."));
}

/** What happened to a model's aliases, stages and gates. */
export async function log(name, signal) {
  const { entries } = await mlflow.get("jebena-gates/log", { name, max_results: 200 }, signal);
  return h("section", {}, h("h2", {}, "Log"), entries?.length ? table("Log", ["When", "Who", "What", "Of", "Detail"], entries.map(entry => [
    time(entry.time), entry.actor ?? "", [entry.action, entry.allowed === false ? h("span", { class: "bad" }, " refused") : null], entry.subject ?? "", entry.detail ?? "",
  ])) : h("p", { class: "soft" }, "Nothing yet."));
}
