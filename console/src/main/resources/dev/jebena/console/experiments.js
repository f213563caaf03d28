// The experiments, and the runs of one of them.
import { mlflow } from "./api.js";
import { button, fill, form, h, notice, path, table } from "./dom.js";
import { ago, time } from "./format.js";
import { go, head, setQuery } from "./pages.js";
import { RunsView } from "./runs.js";

export async function page(main, segments, query, signal) {
  if (segments[0]) return runsOf(main, segments[0], query, signal);
  const list = h("div", {});
  const wanted = h("input", { type: "search", placeholder: "part of the name", value: query.get("name") ?? "" });
  const deleted = h("input", { type: "checkbox", checked: query.get("deleted") === "1" });
  let turn = 0;
  const show = async () => {
    const mine = ++turn;
    const name = wanted.value.trim();
    setQuery({ name, deleted: deleted.checked ? "1" : null });
    const found = await mlflow.post("experiments/search", {
      max_results: 1000, view_type: deleted.checked ? "DELETED_ONLY" : "ACTIVE_ONLY", order_by: ["last_update_time DESC"],
      ...(name ? { filter: `name ILIKE '%${name.replaceAll("'", "''")}%'` } : {}),
    }, signal);
    if (mine === turn) fill(list, experimentTable(found.experiments ?? [], deleted.checked, show));
  };
  const told = () => show().catch(error => { if (error.name !== "AbortError") fill(list, h("p", { class: "problem", role: "alert" }, error.message)); });
  wanted.addEventListener("input", told);
  deleted.addEventListener("change", told);
  fill(main, head("Experiments", [], [button("New experiment", () => create())]),
    h("div", { class: "controls", role: "search" }, h("label", { class: "field" }, h("span", {}, "Name"), wanted),
      h("label", { class: "check" }, deleted, "Deleted ones")), list);
  await told();
}

function experimentTable(experiments, deleted, again) {
  if (!experiments.length) return h("p", { class: "soft" }, "None here. The first logged run makes one: ", h("code", {}, "mlflow.set_experiment(\"digits\")"));
  return table("Experiments", ["Name", "Id", "Changed", "Tags", ""], experiments.map(one => [
    h("a", { href: path("console", "experiments", one.experiment_id) }, one.name),
    one.experiment_id,
    h("time", { title: time(one.last_update_time) }, ago(one.last_update_time)),
    (one.tags ?? []).filter(tag => !tag.key.startsWith("mlflow.")).slice(0, 4).map(tag => h("span", { class: "tag" }, `${tag.key}: ${tag.value}`)),
    deleted ? button("Restore", async () => {
      try { await mlflow.post("experiments/restore", { experiment_id: one.experiment_id }); notice(`${one.name} is back`); again(); } catch (e) { notice(e.message, true); }
    }, { class: "mini" }) : null,
  ]));
}

function create() {
  const name = h("input", { name: "name", required: true, maxlength: "500" });
  form("New experiment", "Create", h("label", {}, "Name", name), async box => {
    const made = await mlflow.post("experiments/create", { name: name.value.trim() });
    box.close();
    go(path("console", "experiments", made.experiment_id));
  });
}

async function runsOf(main, id, query, signal) {
  const { experiment } = await mlflow.get("experiments/get", { experiment_id: id }, signal);
  const view = new RunsView(experiment, query, signal);
  fill(main, head(experiment.name, [["Experiments", "/console/experiments"]], view.actions()), view.element);
  await view.load();
}
