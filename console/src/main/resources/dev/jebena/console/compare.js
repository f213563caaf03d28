// Runs side by side: what they were given, where they differ, what came of it.
import { each, mlflow } from "./api.js";
import { Board } from "./board.js";
import { indexed, runLink, status } from "./columns.js";
import { button, fill, h } from "./dom.js";
import { duration, number, time } from "./format.js";
import { go, head, setQuery } from "./pages.js";
import { extended, history } from "./series.js";

const MOST = 50;

export async function page(main, segments, query, signal) {
  const ids = [...new Set((query.get("runs") ?? "").split(",").filter(Boolean))];
  if (ids.length < 2 || ids.length > MOST) throw new Error(`A comparison takes 2 to ${MOST} runs, not ${ids.length}: choose them in an experiment's table.`);
  const found = new Map();
  await each(ids, 6, async id => found.set(id, indexed((await mlflow.get("runs/get", { run_id: id }, signal)).run)));
  const runs = ids.map(id => found.get(id));
  const differences = h("input", { type: "checkbox", checked: query.get("all") !== "1" });
  const tables = h("div", {});
  const draw = () => {
    setQuery({ all: differences.checked ? null : "1" });
    fill(tables, tablesOf(runs, differences.checked));
  };
  differences.addEventListener("change", draw);
  const board = new Board({ query, signal, load: async (key, known) => {
    const loaded = [];
    await each(runs.filter(run => run.metrics[key] !== undefined), 4, async run => {
      const id = run.info.run_id;
      const before = known?.find(one => one.id === id)?.data;
      loaded.push({ id, name: run.info.run_name, color: runs.indexOf(run), data: before ? await extended(before, id, key, signal) : await history(id, key, signal) });
    });
    return loaded.sort((a, b) => a.color - b.color);
  } });
  fill(main, head(`${runs.length} runs compared`, [["Experiments", "/console/experiments"]]),
    h("div", { class: "controls" }, h("label", { class: "check" }, differences, "Only what differs")), tables, h("h2", {}, "Charts"), board.element);
  draw();
  const keys = [...new Set(runs.flatMap(run => Object.keys(run.metrics)))];
  board.names(keys.sort((a, b) => Number(a.startsWith("system/")) - Number(b.startsWith("system/")) || a.localeCompare(b, "en", { numeric: true })));
}

function tablesOf(runs, only) {
  const kinds = [["Params", "params"], ["Metrics", "metrics"], ["Tags", "tags"]];
  return [section("Runs", runs, [
    ["Status", run => status(run.info.status)], ["Started", run => time(run.info.start_time)],
    ["Duration", run => run.info.end_time ? duration(run.info.end_time - run.info.start_time) : ""],
    ["User", run => run.tags["mlflow.user"] ?? run.info.user_id ?? ""], ["Commit", run => (run.tags["mlflow.source.git.commit"] ?? "").slice(0, 10)],
  ].map(([name, of]) => ({ name, cells: runs.map(of), differs: false })).filter(one => one.cells.some(cell => cell !== ""))),
  ...kinds.map(([title, kind]) => {
    const keys = [...new Set(runs.flatMap(run => Object.keys(run[kind])))].filter(key => kind !== "tags" || !key.startsWith("mlflow."));
    const rows = keys.sort((a, b) => a.localeCompare(b, "en", { numeric: true })).map(key => row(runs, kind, key));
    const shown = rows.filter(one => !only || one.differs);
    return shown.length ? section(title, runs, shown) : rows.length ? h("section", {}, h("h2", {}, title), h("p", { class: "soft" }, `All ${rows.length} are equal.`)) : null;
  })];
}

function row(runs, kind, key) {
  const values = runs.map(run => run[kind][key]);
  const differs = new Set(values.map(value => String(value))).size > 1;
  if (kind !== "metrics") return { name: key, differs, cells: values.map((value, i) => h("span", { class: differs && String(value) !== String(values[0]) && i ? "changed" : "" }, value ?? "–")) };
  const numbers = values.map(value => value === undefined ? NaN : Number(value));
  return { name: key, differs, cells: values.map((value, i) => value === undefined ? "–" : [h("span", { title: String(value) }, number(value)), i ? change(numbers[0], numbers[i]) : null]) };
}

/** How a metric differs from the first run's. */
function change(first, here) {
  const by = here - first;
  if (!Number.isFinite(by) || by === 0) return null;
  const share = first ? ` (${by > 0 ? "+" : "−"}${Math.abs(100 * by / first).toFixed(1)} %)` : "";
  return h("span", { class: "by" }, ` ${by > 0 ? "+" : "−"}${number(Math.abs(by))}${share}`);
}

function section(title, runs, rows) {
  return h("section", {}, h("h2", {}, title), h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title }, h("table", { class: "compare" },
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Name"), runs.map((run, i) => h("th", { scope: "col" }, runLink(run), " ",
      button("✕", () => without(run.info.run_id), { class: "mini", "aria-label": `Without ${run.info.run_name}`, hidden: title !== "Runs" || runs.length < 3 }), i ? null : h("span", { class: "soft" }, " (first)"))))),
    h("tbody", {}, rows.map(one => h("tr", { class: one.differs ? "differs" : "" }, h("th", { scope: "row" }, one.name), one.cells.map(cell => h("td", {}, cell))))))));
}

function without(id) {
  const url = new URL(location.href);
  url.searchParams.set("runs", url.searchParams.get("runs").split(",").filter(one => one !== id).join(","));
  go(url.href);
}
