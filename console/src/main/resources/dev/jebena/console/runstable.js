// The table of runs, also in groups.
import { Column, runLink } from "./columns.js";
import { button, fill, h } from "./dom.js";
import { number } from "./format.js";

export class RunsTable {
  constructor(view) {
    this.view = view;
    this.open = new Set();
    this.place = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Runs" });
    this.pager = h("nav", { class: "pager", "aria-label": "Pages of runs" });
    this.element = h("div", {}, this.place, this.pager);
  }

  update(runs) {
    const columns = this.view.shownColumns();
    const focus = document.activeElement?.dataset?.focus;
    const scrolled = this.place.scrollLeft;
    const rows = this.view.group ? this.grouped(runs, columns) : runs.map(run => this.row(run, columns));
    fill(this.place, runs.length ? h("table", { class: "runs" }, h("caption", { class: "hidden" }, "Runs"),
      h("thead", {}, h("tr", {}, h("th", {}, h("span", { class: "hidden" }, "Chosen")), h("th", { scope: "col", class: "name" }, "Run"),
        columns.map(column => this.head(column)))),
      h("tbody", {}, rows)) : this.none());
    this.place.scrollLeft = scrolled;
    if (focus) this.place.querySelector(`[data-focus="${CSS.escape(focus)}"]`)?.focus();
    this.pages(runs);
  }

  none() {
    return h("p", { class: "empty" }, this.view.filter ? "No run passes the filter." : "No runs yet. Any MLflow client can log here: ",
      this.view.filter ? null : h("code", {}, `MLFLOW_TRACKING_URI=${location.origin}`));
  }

  head(column) {
    const [field, direction] = [this.view.order.replace(/ (ASC|DESC)$/, ""), this.view.order.endsWith("DESC") ? "descending" : "ascending"];
    const sorted = column.sort && field === column.sort;
    const label = [column.title, sorted ? h("span", { "aria-hidden": "true" }, direction === "ascending" ? " ▲" : " ▼") : null];
    return h("th", { scope: "col", class: column.numeric ? "numeric" : "", title: column.id, "aria-sort": sorted ? direction : null },
      column.sort ? button(label, () => this.view.sortBy(column), { class: "sort", "data-focus": "sort " + column.id }) : column.title);
  }

  row(run, columns) {
    const id = run.info.run_id;
    return h("tr", {}, h("td", {}, h("input", {
      type: "checkbox", checked: this.view.selected.has(id), "aria-label": `Choose ${run.info.run_name}`, "data-focus": "pick " + id,
      onchange: event => this.view.pick(id, event.target.checked),
    })), h("th", { scope: "row", class: "name" }, runLink(run)), columns.map(column => h("td", { class: column.numeric ? "numeric" : "" }, column.cell(run))));
  }

  /** One line for each value of the grouping column, with means of what is a number; opened, its runs. */
  grouped(runs, columns) {
    const by = new Column(this.view.group);
    const groups = new Map();
    for (const run of runs) {
      const value = String(by.value(run) ?? "");
      if (!groups.has(value)) groups.set(value, []);
      groups.get(value).push(run);
    }
    return [...groups].flatMap(([value, members]) => {
      const open = this.open.has(value);
      const toggle = () => { if (open) this.open.delete(value); else this.open.add(value); this.update(this.view.runs); };
      const line = h("tr", { class: "group" }, h("td", {}), h("th", { scope: "row", class: "name" },
        button(`${open ? "▾" : "▸"} ${value || "(none)"} · ${members.length}`, toggle, { class: "sort", "aria-expanded": String(open), "data-focus": "group " + value })),
      columns.map(column => h("td", { class: column.numeric ? "numeric" : "" }, mean(members, column))));
      return open ? [line, ...members.map(run => this.row(run, columns))] : [line];
    });
  }

  pages(runs) {
    const { view } = this;
    const needed = !view.group && (view.offset > 0 || view.more);
    const turn = (label, to, on) => button(label, () => view.turnTo(to), { disabled: !on, "data-focus": label });
    fill(this.pager, needed ? [turn("First", 0, view.offset > 0), turn("Previous", view.offset - view.page, view.offset > 0),
      h("span", {}, `Runs ${view.offset + 1} to ${view.offset + runs.length}`), turn("Next", view.offset + view.page, view.more)] : null);
  }
}

function mean(runs, column) {
  if (column.kind !== "metrics") {
    const values = new Set(runs.map(run => String(column.value(run) ?? "")));
    return values.size === 1 && column.kind !== "attributes" ? [...values][0] : "";
  }
  const values = runs.map(run => column.number(run)).filter(Number.isFinite);
  if (!values.length) return "";
  const average = values.reduce((a, b) => a + b, 0) / values.length;
  const low = Math.min(...values), high = Math.max(...values);
  return h("span", { title: `mean of ${values.length}; ${number(low)} to ${number(high)}` }, "⌀ " + number(average));
}
