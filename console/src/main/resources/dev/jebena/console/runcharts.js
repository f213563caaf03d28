// Charts of the runs that the table's filter found: one chart for each metric, a line for each run.
import { Board } from "./board.js";
import { Column } from "./columns.js";
import { h, path } from "./dom.js";
import { sampled } from "./series.js";

const LINES = 100; // Runs drawn at most; a chart of more is a carpet.
const POINTS = 1000;

export class RunCharts {
  constructor(view, name) {
    this.owner = view;
    this.view = name;
    const leave = new AbortController();
    this.end = () => leave.abort();
    view.signal.addEventListener("abort", this.end);
    this.note = h("p", { class: "soft" });
    this.board = new Board({ query: view.query, signal: leave.signal, load: key => this.load(key, leave.signal) });
    this.element = h("div", {}, this.note, this.board.element);
  }

  async load(key, signal) {
    const runs = this.lines.filter(run => run.metrics[key] !== undefined);
    const found = await sampled(runs.map(run => run.info.run_id), key, POINTS, signal);
    const group = this.owner.group ? new Column(this.owner.group) : null;
    const names = group ? [...new Set(runs.map(run => String(group.value(run) ?? "")))] : [];
    return runs.map(run => ({
      name: group ? `${run.info.run_name} (${group.value(run) ?? "none"})` : run.info.run_name,
      data: found.get(run.info.run_id), href: path("console", "runs", run.info.run_id),
      color: group ? names.indexOf(String(group.value(run) ?? "")) : this.owner.runs.indexOf(run),
    }));
  }

  update(runs) {
    const chosen = runs.filter(run => this.owner.selected.has(run.info.run_id));
    this.lines = (chosen.length ? chosen : runs).slice(0, LINES);
    this.note.textContent = runs.length > this.lines.length
      ? `${chosen.length ? "The chosen" : "The first"} ${this.lines.length} of ${runs.length} runs; filter and order decide which.` : "";
    const keys = [...new Set(this.lines.flatMap(run => Object.keys(run.metrics)))].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b, "en", { numeric: true }));
    this.board.names(keys);
    const before = this.latest ?? new Map();
    this.latest = new Map(keys.map(key => [key, JSON.stringify(this.lines.map(run => [run.info.run_id, run.data.metrics?.find(m => m.key === key)]))]));
    this.board.refresh(keys.filter(key => before.has(key) && before.get(key) !== this.latest.get(key)));
  }
}

const rank = key => key.startsWith("system/") ? 1 : 0;
