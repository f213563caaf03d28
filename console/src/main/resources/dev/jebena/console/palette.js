// Search over everything by its name, with the keyboard alone.
import { get, mlflow } from "./api.js";
import { fill, h, path } from "./dom.js";
import { json } from "./hub.js";

const PAGES = [["Chat", "/"], ["Models", "/console/models"], ["Experiments", "/console/experiments"], ["Model registry", "/console/registry"],
  ["Hub", "/console/repos"], ["Lineage", "/console/lineage"], ["System", "/console/system"], ["Settings", "/console/settings"], ["API documentation", "/docs"]];
const WAIT = 150; // Milliseconds after the last key before the server is asked.

export function openPalette() {
  let chosen = 0, turn = 0, timer = 0, shown = null, searching = false;
  const list = h("div", { id: "found", role: "listbox", "aria-label": "Found" });
  const input = h("input", {
    role: "combobox", "aria-controls": "found", "aria-expanded": "true", "aria-label": "Search everything", "aria-autocomplete": "list",
    placeholder: "Search pages, models, experiments, runs, registered models", spellcheck: "false", autocapitalize: "off",
  });
  const box = h("dialog", { class: "palette", "aria-label": "Search everything" }, input, list);
  const options = () => [...list.querySelectorAll("[role=option]")];
  const mark = to => {
    const all = options();
    chosen = Math.max(0, Math.min(all.length - 1, to));
    all.forEach((option, i) => option.setAttribute("aria-selected", String(i === chosen)));
    if (all[chosen]) {
      input.setAttribute("aria-activedescendant", all[chosen].id);
      all[chosen].scrollIntoView({ block: "nearest" });
    }
  };
  const show = found => {
    fill(list, found.map(([kind, name, href], i) => h("a", { id: `found-${i}`, role: "option", href, tabindex: "-1", onclick: () => box.close() },
      h("span", { class: "soft" }, kind), h("span", {}, name))), found.length ? null : h("p", { class: "soft" }, "Nothing of that name."));
    mark(0);
  };
  const search = async () => {
    const text = input.value.trim().toLowerCase(), mine = ++turn;
    const pages = PAGES.filter(([name]) => name.toLowerCase().includes(text)).map(([name, href]) => ["Page", name, href]);
    shown = input.value;
    if (!text) return show(pages);
    searching = true;
    const found = await everything(text);
    if (mine !== turn) return;
    searching = false;
    show([...pages, ...found]);
  };
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, WAIT); });
  input.addEventListener("keydown", event => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) { event.preventDefault(); mark(chosen + step); }
    if (event.key === "Enter") {
      event.preventDefault();
      // Who types faster than the search means what was typed.
      if (shown === input.value && !searching) options()[chosen]?.click();
      else search().then(() => options()[chosen]?.click());
    }
  });
  box.addEventListener("click", event => { if (event.target === box) box.close(); });
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
  search();
}

/** What is named like `text`; what may not be asked for is left out. */
async function everything(text) {
  const like = text.replaceAll("'", "''");
  const found = await Promise.allSettled([models(text), experiments(like), registered(like), repos(text)]);
  const known = found.flatMap(one => one.status === "fulfilled" ? one.value : []);
  const runs = await named(text, like).catch(() => []);
  return [...known, ...runs].slice(0, 60);
}

async function models(text) {
  return (await get("/api/tags")).models.filter(model => model.name.toLowerCase().includes(text)).slice(0, 15)
    .map(model => ["Model", model.name, "/console/models/" + model.name.split("/").map(encodeURIComponent).join("/")]);
}

async function experiments(like) {
  const { experiments: found } = await mlflow.post("experiments/search", { filter: `name ILIKE '%${like}%'`, max_results: 15 });
  return (found ?? []).map(one => ["Experiment", one.name, path("console", "experiments", one.experiment_id)]);
}

async function registered(like) {
  const { registered_models: found } = await mlflow.get("registered-models/search", { filter: `name ILIKE '%${like}%'`, max_results: 15 });
  return (found ?? []).map(one => ["Registered", one.name, path("console", "registry", one.name)]);
}

async function repos(text) {
  const found = await Promise.all(["models", "datasets"].map(async kind => (await json("/api/" + kind, { search: text, limit: 10 }))
    .map(one => [kind === "models" ? "Hub model" : "Hub data", one.id, "/console/repos/" + kind + "/" + one.id.split("/").map(encodeURIComponent).join("/")])));
  return found.flat();
}

/** Runs of the experiments that changed last, by name or by id. */
async function named(text, like) {
  const { experiments: all } = await mlflow.post("experiments/search", { max_results: 200, order_by: ["last_update_time DESC"] });
  const ids = (all ?? []).map(one => one.experiment_id);
  if (!ids.length) return [];
  const filter = /^[0-9a-f]{32}$/.test(text) ? `attributes.run_id = '${text}'` : `attributes.run_name ILIKE '%${like}%'`;
  const { runs } = await mlflow.post("runs/search", { experiment_ids: ids, filter, max_results: 20 });
  return (runs ?? []).map(run => ["Run", run.info.run_name, path("console", "runs", run.info.run_id)]);
}
