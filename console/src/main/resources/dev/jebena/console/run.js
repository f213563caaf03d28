// One run: what it was given, what it measured, its charts and its files.
import { Artifacts } from "./artifacts.js";
import { mlflow } from "./api.js";
import { Board } from "./board.js";
import { indexed, status } from "./columns.js";
import { button, confirmed, facts, fill, form, h, notice, path, table } from "./dom.js";
import { duration, number, time } from "./format.js";
import { render } from "./markdown.js";
import { go, head, setQuery } from "./pages.js";
import { extended, history } from "./series.js";

const TABS = [["overview", "Overview"], ["charts", "Charts"], ["system", "System"], ["artifacts", "Artifacts"]];
const LIVE = 3000;
const SYSTEM = "system/";

export async function page(main, [id], query, signal) {
  const { run } = await mlflow.get("runs/get", { run_id: id }, signal);
  await new RunPage(main, indexed(run), query, signal).start();
}

class RunPage {
  constructor(main, run, query, signal) {
    Object.assign(this, { main, run, query, signal, id: run.info.run_id });
    this.tab = TABS.some(([tab]) => tab === query.get("tab")) ? query.get("tab") : "overview";
    this.parts = new Map();
    this.state = h("span", { role: "status" });
    this.body = h("div", { role: "tabpanel", "aria-label": "Run" });
  }

  async start() {
    const { info } = this.run;
    const { experiment } = await mlflow.get("experiments/get", { experiment_id: info.experiment_id }, this.signal);
    const deleted = info.lifecycle_stage === "deleted";
    fill(this.main, head(info.run_name || this.id, [["Experiments", "/console/experiments"], [experiment.name, path("console", "experiments", info.experiment_id)]], [
      h("a", { class: "button", href: "/console/lineage?id=" + encodeURIComponent("run:" + this.id) }, "Lineage"),
      button("Rename", () => this.rename()),
      button(deleted ? "Restore" : "Delete", () => this.remove(deleted)),
    ]), this.state, h("div", { class: "tabs", role: "tablist", "aria-label": "Parts" }, TABS.map(([tab, name]) =>
      button(name, () => this.show(tab), { role: "tab", id: `tab-${tab}` }))), this.body);
    this.show(this.tab);
    this.headline();
    const timer = setInterval(() => this.look(), LIVE);
    this.signal.addEventListener("abort", () => clearInterval(timer));
  }

  headline() {
    const { info } = this.run;
    const end = info.end_time ?? (info.status === "RUNNING" ? Date.now() : null);
    fill(this.state, status(info.status), end ? ` ${duration(end - info.start_time)}` : "", info.lifecycle_stage === "deleted" ? " · deleted" : "");
  }

  show(tab) {
    this.tab = tab;
    setQuery({ tab: tab === "overview" ? null : tab });
    for (const one of this.main.querySelectorAll("[role=tab]")) one.setAttribute("aria-selected", String(one.id === `tab-${tab}`));
    if (!this.parts.has(tab)) this.parts.set(tab, this.part(tab));
    fill(this.body, this.parts.get(tab).element);
    this.parts.get(tab).update?.();
  }

  part(tab) {
    if (tab === "artifacts") return new Artifacts(this.query, this.signal, { run: this.id });
    if (tab === "overview") return new Overview(this);
    const mine = key => key.startsWith(SYSTEM) === (tab === "system");
    const board = new Board({ query: this.query, signal: this.signal, load: async (key, known) => {
      const before = known?.[0].data;
      const data = before ? await extended(before, this.id, key, this.signal) : await history(this.id, key, this.signal);
      return data === before ? known : [{ name: key, data }];
    } });
    board.update = () => board.names(Object.keys(this.run.metrics).filter(mine).sort((a, b) => a.localeCompare(b, "en", { numeric: true })));
    return board;
  }

  /** What has changed since; a run that has ended does not change. */
  async look() {
    if (document.hidden || this.looking || !["RUNNING", "SCHEDULED"].includes(this.run.info.status)) return;
    this.looking = true;
    try {
      const before = this.run;
      this.run = indexed((await mlflow.get("runs/get", { run_id: this.id }, this.signal)).run);
      this.headline();
      const latest = run => new Map((run.data.metrics ?? []).map(metric => [metric.key, JSON.stringify(metric)]));
      const [old, now] = [latest(before), latest(this.run)];
      const changed = [...now.keys()].filter(key => old.get(key) !== now.get(key));
      if (JSON.stringify(before.data) !== JSON.stringify(this.run.data) || before.info.status !== this.run.info.status) this.parts.get(this.tab).update?.();
      for (const part of this.parts.values()) part.refresh?.(changed);
    } catch { /* The next look may find the server again. */ } finally {
      this.looking = false;
    }
  }

  rename() {
    const name = h("input", { value: this.run.info.run_name, required: true });
    form("Rename the run", "Rename", h("label", {}, "Name", name), async box => {
      await mlflow.post("runs/update", { run_id: this.id, run_name: name.value });
      box.close();
      go(location.href);
    });
    name.select();
  }

  async remove(deleted) {
    if (!deleted && !await confirmed(`Delete the run ${this.run.info.run_name}? It can be restored until jebena runs gc.`, "Delete")) return;
    try {
      await mlflow.post(deleted ? "runs/restore" : "runs/delete", { run_id: this.id });
      notice(deleted ? "The run is back" : "The run is deleted");
      go(location.href);
    } catch (error) { notice(error.message, true); }
  }
}

/** Params, metrics, tags, data and where the run came from. */
class Overview {
  constructor(page) {
    this.page = page;
    this.element = h("div", { class: "overview" });
  }

  update() {
    const { run } = this.page;
    const focus = this.element.contains(document.activeElement);
    if (focus && this.element.childElementCount) return;
    const note = run.tags["mlflow.note.content"];
    const text = h("div", { class: "body markdown" });
    if (note) render(note, text);
    fill(this.element, note ? text : null, this.about(run), this.values("Metrics", run.metrics, value => h("span", { title: String(value) }, number(value))),
      this.values("Params", run.params, value => value), this.values("Tags", Object.fromEntries(Object.entries(run.tags).filter(([key]) => !key.startsWith("mlflow."))), value => value),
      this.data(run));
  }

  about({ info, tags, outputs }) {
    const commit = tags["mlflow.source.git.commit"];
    return h("section", {}, h("h2", {}, "About"), facts([
      ["Run id", h("code", {}, info.run_id)], ["Started", time(info.start_time)], ["Ended", time(info.end_time)],
      ["User", tags["mlflow.user"] ?? info.user_id], ["Source", tags["mlflow.source.name"]],
      ["Commit", commit ? h("code", {}, commit) : null],
      ["Parent", tags["mlflow.parentRunId"] ? h("a", { href: path("console", "runs", tags["mlflow.parentRunId"]) }, tags["mlflow.parentRunId"]) : null],
      ["Models", outputs?.model_outputs?.map(model => h("code", {}, model.model_id, " ")) ?? null],
      ["Files at", h("code", {}, info.artifact_uri)],
    ]));
  }

  values(title, values, shown) {
    const keys = Object.keys(values).sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    const rows = h("div", {});
    const draw = text => fill(rows, table(title, ["Name", "Value"], keys.filter(key => key.toLowerCase().includes(text)).slice(0, 1000)
      .map(key => [key, shown(values[key])])));
    draw("");
    return keys.length ? h("section", {}, h("h2", {}, `${title} (${keys.length})`),
      keys.length > 12 ? h("input", { type: "search", placeholder: "Find", "aria-label": `Find in ${title}`, oninput: e => draw(e.target.value.toLowerCase()) }) : null, rows) : null;
  }

  data({ inputs }) {
    const sets = inputs?.dataset_inputs ?? [];
    return sets.length ? h("section", {}, h("h2", {}, "Data"), table("Data", ["Name", "Digest", "Use", "Source"], sets.map(({ dataset, tags }) => [
      dataset.name, h("code", {}, dataset.digest), (tags ?? []).find(tag => tag.key === "mlflow.data.context")?.value ?? "", dataset.source_type,
    ]))) : null;
  }
}
