// What a table of runs can show: attributes, params, metrics and tags by the names that filters use.
import { button, fill, h, path } from "./dom.js";
import { ago, duration, number, time } from "./format.js";

const ATTRIBUTES = {
  status: { title: "Status", of: run => run.info.status, sort: "attributes.status" },
  start_time: { title: "Started", of: run => run.info.start_time, sort: "attributes.start_time" },
  duration: { title: "Duration", of: run => run.info.end_time ? run.info.end_time - run.info.start_time : null },
  user: { title: "User", of: run => run.tags["mlflow.user"] ?? run.info.user_id, sort: "attributes.user_id" },
  source: { title: "Source", of: run => run.tags["mlflow.source.name"] },
  run_id: { title: "Run id", of: run => run.info.run_id, sort: "attributes.run_id" },
  dataset: { title: "Data", of: run => (run.inputs?.dataset_inputs ?? []).map(d => d.dataset.name).join(", ") },
};
const KINDS = { metrics: "Metrics", params: "Params", tags: "Tags" };

/** A run with maps in place of lists: `run.metrics`, `run.params`, `run.tags`. */
export function indexed(run) {
  const map = list => Object.fromEntries((list ?? []).map(({ key, value }) => [key, value]));
  return { ...run, metrics: map(run.data.metrics), params: map(run.data.params), tags: map(run.data.tags) };
}

export class Column {
  /** @param id `status`, `metrics.loss`, ... */
  constructor(id) {
    this.id = id;
    const dot = id.indexOf(".");
    this.kind = dot > 0 && KINDS[id.slice(0, dot)] ? id.slice(0, dot) : "attributes";
    this.key = this.kind === "attributes" ? id : id.slice(dot + 1);
    this.attribute = this.kind === "attributes" ? ATTRIBUTES[id] : null;
    this.title = this.attribute?.title ?? this.key;
  }

  get known() { return this.kind !== "attributes" || !!this.attribute; }

  /** The name in an order of MLflow; undefined where there is none. */
  get sort() {
    return this.attribute ? this.attribute.sort : `${this.kind}.\`${this.key.replaceAll("`", "")}\``;
  }

  value(run) {
    return this.attribute ? this.attribute.of(run) : run[this.kind][this.key];
  }

  /** The value as a number, if it is one. */
  number(run) {
    const value = this.value(run);
    return value === undefined || value === null || value === "" ? NaN : Number(value);
  }

  cell(run) {
    const value = this.value(run);
    if (value === undefined || value === null || value === "") return "";
    switch (this.id) {
      case "status": return status(value);
      case "start_time": return h("time", { title: time(value) }, ago(value));
      case "duration": return duration(value);
      case "run_id": return h("code", {}, value);
      default: return this.kind === "metrics" ? h("span", { title: String(value) }, number(value)) : String(value);
    }
  }

  get numeric() { return this.kind === "metrics" || this.id === "duration"; }
}

export function status(name) {
  const sign = { FINISHED: "✓", FAILED: "✗", RUNNING: "●", KILLED: "■", SCHEDULED: "○" }[name] ?? "";
  return h("span", { class: `status ${String(name).toLowerCase()}` }, `${sign} ${String(name).toLowerCase()}`);
}

export const runLink = run => h("a", { href: path("console", "runs", run.info.run_id) }, run.info.run_name || run.info.run_id);

/** All columns that these runs could fill, by kind. */
export function available(runs) {
  const found = { attributes: Object.keys(ATTRIBUTES), metrics: new Set(), params: new Set(), tags: new Set() };
  for (const run of runs) {
    for (const kind of Object.keys(KINDS)) for (const key of Object.keys(run[kind])) {
      if (kind !== "tags" || !key.startsWith("mlflow.")) found[kind].add(`${kind}.${key}`);
    }
  }
  const sorted = set => [...set].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return { attributes: found.attributes, metrics: sorted(found.metrics), params: sorted(found.params), tags: sorted(found.tags) };
}

/** What is shown unless somebody chose: few enough to be read. */
export function usual(runs) {
  const { metrics, params } = available(runs);
  const varied = params.filter(id => new Set(runs.map(run => run.params[id.slice(7)])).size > 1);
  const own = metrics.filter(id => !id.startsWith("metrics.system/"));
  return ["status", "start_time", "duration", ...own.slice(0, 5), ...(varied.length ? varied : params).slice(0, 5)];
}

/** A dialog to choose columns in; `done(ids)` is told each change. */
export function choose(all, chosen, done) {
  let picked = [...chosen];
  const list = h("div", { class: "picklist" });
  const wanted = h("input", { type: "search", placeholder: "Find a column", "aria-label": "Find a column", oninput: () => draw() });
  const toggle = (id, on) => {
    picked = on ? [...picked, id] : picked.filter(p => p !== id);
    done(picked);
  };
  const draw = () => {
    const text = wanted.value.toLowerCase();
    fill(list, Object.entries(all).map(([kind, ids]) => {
      const found = ids.filter(id => id.toLowerCase().includes(text));
      const shown = found.slice(0, 300);
      return found.length ? h("fieldset", {}, h("legend", {}, KINDS[kind] ?? "Attributes"),
        shown.map(id => h("label", { class: "check" },
          h("input", { type: "checkbox", checked: picked.includes(id), onchange: e => toggle(id, e.target.checked) }), new Column(id).title)),
        found.length > shown.length ? h("p", { class: "soft" }, `${found.length - shown.length} more: type a part of the name`) : null) : null;
    }));
  };
  const box = h("dialog", { "aria-label": "Columns", class: "picker" }, h("form", { method: "dialog" },
    h("h2", {}, "Columns"), wanted, list,
    h("menu", {}, button("None", () => { picked = []; done(picked); draw(); }), h("button", { class: "primary" }, "Done"))));
  box.addEventListener("close", () => box.remove());
  draw();
  document.body.append(box);
  box.showModal();
}
