// The runs of an experiment: table, charts, parallel coordinates, scatter; filtered, sorted, grouped, live.
import { mlflow, pageToken } from "./api.js";
import { available, choose, Column, indexed, usual } from "./columns.js";
import { button, confirmed, fill, h, notice, select } from "./dom.js";
import { go, setQuery } from "./pages.js";
import { RunCharts } from "./runcharts.js";
import { RunsTable } from "./runstable.js";
import { Sweep } from "./sweep.js";

const VIEWS = [["table", "Table"], ["charts", "Charts"], ["parallel", "Parallel"], ["scatter", "Scatter"]];
const PAGE = 100;
const STEP = 500; // Runs asked for at once where all of them are wanted.
const LIVE = 5000; // Milliseconds between looks for what is new.

export class RunsView {
  constructor(experiment, query, signal) {
    Object.assign(this, { experiment, query, signal });
    this.view = VIEWS.some(([id]) => id === query.get("view")) ? query.get("view") : "table";
    this.filter = query.get("filter") ?? "";
    this.order = query.get("order") ?? "attributes.start_time DESC";
    this.offset = Math.max(0, Math.floor(Number(query.get("from")) || 0));
    this.group = query.get("group") ?? "";
    this.most = Math.min(50_000, Math.max(PAGE, Number(query.get("most")) || 1000));
    this.deleted = query.get("deleted") === "1";
    this.columns = query.has("cols") ? query.get("cols").split("~").filter(Boolean) : null;
    this.selected = new Set();
    this.runs = [];
    this.problem = h("p", { class: "problem", role: "alert", hidden: true });
    this.state = h("span", { class: "soft", role: "status" });
    this.body = h("div", { class: "view" });
    this.element = h("div", {}, this.tabs(), this.controls(), this.problem, this.body);
    const timer = setInterval(() => this.look(), LIVE);
    signal.addEventListener("abort", () => clearInterval(timer));
  }

  actions() {
    this.compareButton = button("Compare", () => go("/console/compare?runs=" + [...this.selected].join(",")), { disabled: true });
    this.deleteButton = button("Delete", () => this.remove(), { disabled: true });
    return [this.compareButton, this.deleteButton];
  }

  tabs() {
    return h("div", { class: "tabs", role: "tablist", "aria-label": "View" }, VIEWS.map(([id, name]) =>
      button(name, () => this.switch(id), { role: "tab", id: `view-${id}`, "aria-selected": String(id === this.view) })));
  }

  switch(view) {
    if (view === this.view) return;
    this.view = view;
    setQuery({ view: view === "table" ? null : view });
    for (const tab of this.element.querySelectorAll("[role=tab]")) tab.setAttribute("aria-selected", String(tab.id === `view-${view}`));
    this.load();
  }

  controls() {
    this.input = h("input", {
      type: "search", class: "filter", value: this.filter, spellcheck: "false", autocapitalize: "off", list: "filters",
      placeholder: "metrics.loss < 0.1 and params.model = 'cnn'",
    });
    this.groupPlace = h("span", {});
    return h("form", { class: "controls", role: "search", onsubmit: event => { event.preventDefault(); this.apply(); } },
      h("label", { class: "field grow" }, h("span", {}, "Filter"), this.input),
      h("button", {}, "Apply"),
      this.groupPlace,
      button("Columns", () => this.chooseColumns()),
      h("label", { class: "check" }, h("input", { type: "checkbox", checked: this.deleted, onchange: e => {
        this.deleted = e.target.checked;
        setQuery({ deleted: this.deleted ? "1" : null });
        this.first();
      } }), "Deleted"),
      this.state);
  }

  apply() {
    this.filter = this.input.value.trim();
    setQuery({ filter: this.filter });
    this.first();
  }

  first() {
    this.offset = 0;
    setQuery({ from: null });
    this.load();
  }

  search(most, offset) {
    return {
      experiment_ids: [this.experiment.experiment_id], max_results: most, page_token: pageToken(offset),
      filter: this.filter, order_by: this.order ? [this.order] : [], run_view_type: this.deleted ? "DELETED_ONLY" : "ACTIVE_ONLY",
    };
  }

  /** One page of the table, or as many runs as are wanted for groups and drawings. */
  async load(quiet = false) {
    const turn = this.turn = (this.turn ?? 0) + 1;
    if (!quiet) this.state.textContent = "…";
    try {
      const whole = this.view !== "table" || this.group;
      let runs = [], more = true;
      let at = whole ? 0 : this.offset;
      while (more && runs.length < (whole ? this.most : PAGE)) {
        const size = whole ? Math.min(STEP, this.most - runs.length) : PAGE;
        const reply = await mlflow.post("runs/search", this.search(size, at), this.signal);
        if (turn !== this.turn) return;
        const found = (reply.runs ?? []).map(indexed);
        runs = runs.concat(found);
        at += found.length;
        more = !!reply.next_page_token && found.length > 0;
        if (whole && more) this.state.textContent = `${runs.length} runs …`;
      }
      this.problem.hidden = true;
      this.input.removeAttribute("aria-invalid");
      const print = JSON.stringify(runs.map(run => [run.info, run.data]));
      if (quiet && print === this.print) return;
      Object.assign(this, { print, runs, more });
      this.draw();
    } catch (error) {
      if (error.name === "AbortError" || turn !== this.turn || quiet) return;
      this.refused(error);
    }
  }

  refused(error) {
    this.state.textContent = "";
    this.problem.hidden = false;
    this.input.setAttribute("aria-invalid", "true");
    fill(this.problem, h("b", {}, error.status === 400 && this.filter ? "The filter was not understood. " : ""), error.message,
      error.status === 400 && this.filter ? h("span", { class: "soft" },
        " Filters look like: metrics.loss < 0.1 and params.model = 'cnn' and tags.team LIKE 'vi%' and attributes.status = 'FINISHED'") : null);
  }

  /** What is new, while nobody waits: a sleeping tab asks for nothing. */
  look() {
    if (document.hidden || document.querySelector("dialog[open]") || (this.view !== "table" && this.runs.length > 1000)) return;
    this.load(true);
  }

  draw() {
    const shown = this.view !== "table" || this.group
      ? `${this.runs.length} runs${this.more ? " and more" : ""}`
      : this.runs.length ? `${this.offset + 1} to ${this.offset + this.runs.length}${this.more ? ", and more" : ""}` : "no runs";
    this.state.textContent = shown;
    this.grouping();
    const more = this.more && (this.view !== "table" || this.group)
      ? button(`Up to ${this.most * 5} runs`, () => { this.most = Math.min(50_000, this.most * 5); setQuery({ most: this.most }); this.load(); }) : null;
    if (this.view === "table") this.table ??= new RunsTable(this);
    const maker = { charts: RunCharts, parallel: Sweep, scatter: Sweep }[this.view];
    if (maker && this.drawing?.view !== this.view) {
      this.drawing?.end?.();
      this.drawing = new maker(this, this.view);
    }
    const part = this.view === "table" ? this.table : this.drawing;
    if (this.part !== part || (this.moreShown ?? null) !== (more?.textContent ?? null)) fill(this.body, part.element, more);
    this.part = part;
    this.moreShown = more?.textContent ?? null;
    part.update(this.runs);
    this.mark();
  }

  grouping() {
    const found = available(this.runs);
    const ids = ["status", "user", "source", "dataset", ...found.params, ...found.tags];
    if (this.group && !ids.includes(this.group)) ids.push(this.group);
    const key = ids.join("~") + this.group;
    if (key === this.groupKey) return;
    this.groupKey = key;
    fill(this.groupPlace, select("Group by", [["", "nothing"], ...ids.map(id => [id, new Column(id).title])], this.group, id => {
      this.group = id;
      setQuery({ group: id });
      this.load();
    }));
  }

  shownColumns() {
    return (this.columns ?? usual(this.runs)).map(id => new Column(id)).filter(column => column.known);
  }

  chooseColumns() {
    const all = available(this.runs);
    const chosen = this.shownColumns().map(column => column.id);
    for (const id of chosen) {
      const { kind } = new Column(id);
      if (!all[kind].includes(id)) all[kind].push(id);
    }
    choose(all, chosen, ids => {
      this.columns = ids;
      setQuery({ cols: ids.join("~") || "~" });
      this.draw();
    });
  }

  sortBy(column) {
    const ascending = this.order === `${column.sort} ASC`;
    const natural = column.kind === "metrics" || column.id === "start_time" ? "DESC" : "ASC";
    const mine = this.order.startsWith(column.sort + " ");
    this.order = `${column.sort} ${mine ? (ascending ? "DESC" : "ASC") : natural}`;
    setQuery({ order: this.order });
    this.first();
  }

  turnTo(offset) {
    this.offset = Math.max(0, offset);
    setQuery({ from: this.offset || null });
    this.load();
  }

  get page() { return PAGE; }

  pick(id, on) {
    if (on) this.selected.add(id); else this.selected.delete(id);
    this.mark();
  }

  mark() {
    if (!this.compareButton) return;
    this.compareButton.disabled = this.selected.size < 2 || this.selected.size > 50;
    this.compareButton.textContent = this.selected.size ? `Compare ${this.selected.size}` : "Compare";
    this.deleteButton.disabled = !this.selected.size;
    this.deleteButton.textContent = this.deleted ? "Restore" : "Delete";
  }

  async remove() {
    const what = this.deleted ? "restore" : "delete";
    if (!await confirmed(`${what === "delete" ? "Delete" : "Restore"} ${this.selected.size} runs?`, what === "delete" ? "Delete" : "Restore")) return;
    try {
      for (const id of this.selected) await mlflow.post(`runs/${what}`, { run_id: id });
      notice(`${this.selected.size} runs ${what}d`);
      this.selected.clear();
    } catch (error) { notice(error.message, true); }
    this.load();
  }
}
