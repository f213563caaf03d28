// What stands between a version and an alias, and who did what.
import { each, mlflow } from "./api.js";
import { button, confirmed, form, h, notice, table } from "./dom.js";
import { ago, time } from "./format.js";

/** What a gate demands, in words. */
function demands(gate) {
  return [
    gate.run_filter ? `run: ${gate.run_filter}` : null, ...(gate.not_worse ?? []).map(metric => `no worse: ${metric}`),
    ...(gate.tags ?? []).map(({ key, values }) => values.length ? `tag ${key} is ${values.join(" or ")}` : `tag ${key} is set`),
    gate.described ? "a description" : null, gate.reviews ? `${gate.reviews} approvals` : null,
  ].filter(Boolean);
}

const listed = async (name, signal) => (await mlflow.get("jebena-gates/list", {}, signal)).gates.filter(gate => gate.name === name || gate.name === "*");

/** How it went when the alias was asked for last, by the log. */
function outcome(gate, entries) {
  const last = entries.find(entry => entry.action === `set ${gate.alias}`);
  if (!last) return h("span", { class: "soft" }, "not asked yet");
  return [h("span", { class: last.allowed ? "passed" : "failed" }, h("span", {}, last.allowed ? "✓ opened" : "✗ stayed shut")), ` for version ${last.subject.split("/").at(-1)}, `,
    h("time", { title: time(last.time) }, ago(last.time)), last.actor ? `, ${last.actor}` : "", last.allowed ? null : h("div", { class: "soft" }, last.detail)];
}

/** The gates of a model, with how they were passed last. */
export async function gates(name, signal, again) {
  const [found, { entries = [] }] = await Promise.all([listed(name, signal), mlflow.get("jebena-gates/log", { name, max_results: 1000 }, signal)]);
  const remove = async gate => {
    const all = gate.name === "*";
    if (!await confirmed(`Remove the gate before ${gate.alias}${all ? " of all models" : ""}?`, "Remove")) return;
    try { await mlflow.post("jebena-gates/delete", { name: gate.name, alias: gate.alias }); again(); } catch (error) { notice(error.message, true); }
  };
  return h("section", {}, h("h2", {}, "Gates"), found.length ? table("Gates", ["Alias", "Of", "Demands", "Last time", ""], found.map(gate => [
    gate.alias, gate.name === "*" ? "all models" : gate.name, h("ul", {}, demands(gate).map(text => h("li", {}, text))), outcome(gate, entries),
    [button("Edit", () => edit(name, gate, again), { class: "mini", "aria-label": `Edit the gate of ${gate.alias}` }), button("Remove", () => remove(gate), { class: "mini", "aria-label": `Remove the gate of ${gate.alias}` })]]))
    : h("p", { class: "soft" }, "None: every alias may name every version."), h("p", {}, button("New gate", () => edit(name, null, again))));
}

const lines = text => text.split("\n").map(line => line.trim()).filter(Boolean);

/** The dialog in which a gate is made or changed; null for a new one. */
function edit(name, gate, again) {
  const area = (value, placeholder) => h("textarea", { rows: 2, placeholder, spellcheck: "false", value });
  const alias = h("input", { required: true, value: gate?.alias ?? "", disabled: !!gate, placeholder: "champion, or stage:Production", spellcheck: "false", autocapitalize: "off" });
  const all = h("input", { type: "checkbox", checked: gate?.name === "*", disabled: !!gate });
  const run = h("input", { value: gate?.run_filter ?? "", placeholder: "metrics.accuracy >= 0.95 and metrics.`bias gap` < 0.05", spellcheck: "false" });
  const tags = area((gate?.tags ?? []).map(({ key, values }) => values.length ? `${key}=${values.join(",")}` : key).join("\n"), "license=mit,apache-2.0");
  const worse = area((gate?.not_worse ?? []).join("\n"), "accuracy DESC");
  const described = h("input", { type: "checkbox", checked: gate?.described });
  const reviews = h("input", { type: "number", min: 0, max: 100, value: gate?.reviews ?? 0 });
  form(gate ? `Gate of ${gate.alias}` : "New gate", "Keep", [h("label", {}, "Alias or stage", alias), h("label", { class: "check" }, all, "For all models"),
    h("label", {}, "The version's run fulfils", run), h("label", {}, "Metrics in which it is no worse than the version that has the alias now, one a line; ASC where less is better", worse),
    h("label", {}, "Tags that the version has, one a line: key, or key=value,value", tags), h("label", { class: "check" }, described, "Has a description"), h("label", {}, "Approvals of people other than its maker", reviews)], async box => {
    await mlflow.post("jebena-gates/set", {
      name: all.checked ? "*" : name, alias: alias.value.trim(), run_filter: run.value.trim(), described: described.checked, reviews: Number(reviews.value), not_worse: lines(worse.value),
      tags: lines(tags.value).map(line => ({ key: line.split("=")[0], values: line.includes("=") ? line.slice(line.indexOf("=") + 1).split(",").map(value => value.trim()).filter(Boolean) : [] })),
    });
    box.close();
    again();
  });
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
