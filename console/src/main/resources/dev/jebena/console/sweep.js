// What a sweep found: parallel coordinates or a scatter of its runs.
import { available, Column, runLink } from "./columns.js";
import { fill, h, select } from "./dom.js";
import { number } from "./format.js";
import { Parallel } from "./parallel.js";
import { Scatter } from "./scatter.js";
import { setQuery } from "./pages.js";

export class Sweep {
  constructor(owner, view) {
    Object.assign(this, { owner, view });
    this.choices = h("div", { class: "controls", role: "group", "aria-label": "Axes" });
    this.place = h("div", {});
    this.chosen = h("div", {});
    const leave = new AbortController();
    this.end = () => leave.abort();
    owner.signal.addEventListener("abort", this.end);
    this.drawing = view === "parallel" ? new Parallel(leave.signal, runs => this.list(runs)) : new Scatter(leave.signal, runs => this.list(runs));
    this.element = h("div", {}, this.choices, this.drawing.element, this.chosen);
    const { query } = owner;
    this.state = { x: query.get("px") ?? "", y: query.get("py") ?? "", c: query.get("pc") ?? "", axes: query.get("axes")?.split("~").filter(Boolean) ?? null };
  }

  /** Numbers and texts of which runs have at least two different ones. */
  varied(runs) {
    const { metrics, params } = available(runs);
    return [...params, ...metrics, "duration", "start_time"].map(id => new Column(id))
      .filter(column => new Set(runs.map(run => String(column.value(run) ?? ""))).size > 1);
  }

  update(runs) {
    this.runs = runs;
    const columns = this.varied(runs);
    const own = columns.filter(column => !column.key.startsWith("system/"));
    const params = own.filter(column => column.kind === "params"), metrics = own.filter(column => column.kind === "metrics");
    const named = id => columns.find(column => column.id === id);
    this.columns = columns;
    if (this.view === "scatter") {
      this.x = named(this.state.x) ?? mostValues(params, runs) ?? own[0];
      this.y = named(this.state.y) ?? metrics[0] ?? own[1] ?? own[0];
      this.c = named(this.state.c) ?? null;
    } else {
      this.axes = this.state.axes?.map(named).filter(Boolean) ?? [...params.slice(0, 6), ...metrics.slice(0, 2)];
      this.c = named(this.state.c) ?? metrics[0] ?? this.axes.at(-1);
    }
    this.controls();
    this.show();
  }

  show() {
    if (!this.columns.length) {
      this.drawing.set([], null);
      fill(this.chosen, h("p", { class: "soft" }, "These runs do not differ in any param or metric."));
      return;
    }
    if (this.view === "scatter") this.drawing.set(this.runs, { x: this.x, y: this.y, color: this.c });
    else this.drawing.set(this.runs, { axes: this.axes, color: this.c });
  }

  controls() {
    const options = this.columns.map(column => [column.id, column.title]);
    const key = JSON.stringify([options, this.x?.id, this.y?.id, this.c?.id, this.axes?.map(a => a.id)]);
    if (key === this.key) return;
    this.key = key;
    const pick = (label, name, parameter, none) => select(label, none ? [["", none], ...options] : options, this[name]?.id ?? "", id => {
      this.state[name] = id;
      setQuery({ [parameter]: id });
      this.update(this.runs);
    });
    const flip = (label, name) => h("label", { class: "check" }, h("input", { type: "checkbox", checked: this.drawing[name], onchange: e => { this.drawing[name] = e.target.checked; this.show(); } }), label);
    fill(this.choices, this.view === "scatter"
      ? [pick("Horizontal", "x", "px"), pick("Vertical", "y", "py"), pick("Color", "c", "pc", "one color"), flip("Log x", "logX"), flip("Log y", "logY")]
      : [h("fieldset", { class: "axes" }, h("legend", {}, "Axes"), this.columns.slice(0, 60).map(column => h("label", { class: "check" },
        h("input", { type: "checkbox", checked: this.axes.includes(column), onchange: e => this.axis(column, e.target.checked) }), column.title))),
      pick("Color", "c", "pc")]);
  }

  axis(column, on) {
    const ids = this.axes.map(axis => axis.id).filter(id => id !== column.id);
    if (on) ids.push(column.id);
    this.state.axes = ids;
    setQuery({ axes: ids.join("~") || "~" });
    this.update(this.runs);
  }

  /** The runs that are pointed at or lie within the ranges. */
  list(runs) {
    const shown = runs.slice(0, 50);
    fill(this.chosen, runs.length ? [h("h2", {}, `${runs.length} of ${this.runs.length} runs`),
      h("ul", { class: "runlist" }, shown.map(run => h("li", {}, runLink(run), this.c ? h("span", { class: "soft" }, ` ${this.c.title} ${number(this.c.value(run))}`) : null))),
      runs.length > shown.length ? h("p", { class: "soft" }, `and ${runs.length - shown.length} more`) : null] : null);
  }
}

/** The column with the most different numbers: what a sweep drew, not what it chose from. */
function mostValues(columns, runs) {
  const count = column => new Set(runs.map(run => column.number(run)).filter(Number.isFinite)).size;
  return columns.map(column => [count(column), column]).sort((a, b) => b[0] - a[0])[0]?.[1];
}
