// The rows of a data set of the hub, with a histogram of each column, as the hub's data set viewer gives them.
import { button, fill, h, notice, select } from "./dom.js";
import { histogram } from "./dataview.js";
import { number } from "./format.js";
import { ask, json } from "./hub.js";
import { setQuery } from "./pages.js";
import { node } from "./viewer.js";

const PAGE = 100, BARS = 20, LONG = 300; // Rows of a page; bars of a histogram; characters of a cell at first.

/** The tab of data. */
export async function data({ repo, query, signal, body }) {
  const { splits, failed } = await json("/splits", { dataset: repo.id }, signal).catch(error => {
    if (error.status !== 422 && error.status !== 404) throw error;
    return { splits: [], failed: [{ error: error.message }] };
  });
  if (!splits.length) {
    return fill(body, h("p", { class: "empty" }, "No rows can be shown. ", failed?.[0]?.error?.error ?? failed?.[0]?.error ?? "CSV, JSON Lines, Parquet, Arrow, text and folders of pictures can."));
  }
  const known = splits.find(one => one.config === query.get("config") && one.split === query.get("split")) ?? splits.find(one => one.split === "train") ?? splits[0];
  const state = { config: known.config, split: known.split, offset: Number(query.get("offset")) || 0, search: query.get("search") ?? "", where: query.get("where") ?? "" };
  const figures = h("div", { class: "histograms", tabindex: "0", role: "region", "aria-label": "Columns" }), rows = h("div", {}), pager = h("div", { class: "pager" });
  let turn = 0;
  const load = async () => {
    const mine = ++turn;
    setQuery({ config: state.config === splits[0].config ? null : state.config, split: state.split, offset: state.offset || null, search: state.search, where: state.where });
    const place = { dataset: repo.id, config: state.config, split: state.split, offset: state.offset, length: PAGE };
    const found = state.search ? await json("/search", { ...place, query: state.search }, signal) : state.where ? await json("/filter", { ...place, where: state.where }, signal) : await json("/rows", place, signal);
    if (mine !== turn) return;
    fill(rows, grid(found, repo, signal));
    const end = state.offset + found.rows.length, total = found.num_rows_total;
    fill(pager, `${found.rows.length ? number(state.offset + 1) : 0} to ${number(end)} of ${number(total)}${found.partial ? " or more" : ""} rows `,
      button("Before", () => turnTo(state.offset - PAGE), { disabled: state.offset <= 0 }), button("Next", () => turnTo(state.offset + PAGE), { disabled: total !== null && total !== undefined ? end >= total : found.rows.length < PAGE }));
  };
  const show = () => load().catch(error => error.name === "AbortError" || fill(rows, h("p", { class: "problem", role: "alert" }, error.message)));
  const turnTo = offset => { state.offset = Math.max(0, offset); show(); };
  const describe = () => { statistics(figures, repo, state, signal); state.offset = 0; show(); };
  const search = h("input", { type: "search", value: state.search, placeholder: "words", name: "search" });
  const where = h("input", { type: "search", value: state.where, placeholder: "\"age\" > 30 AND \"name\" = 'Ada'", name: "where", spellcheck: "false", autocapitalize: "off" });
  const configs = [...new Set(splits.map(one => one.config))];
  fill(body, h("form", { class: "controls", role: "search", onsubmit: event => {
    event.preventDefault();
    Object.assign(state, { search: search.value.trim(), where: where.value.trim() });
    if (state.search && state.where) notice("Words and a condition together cannot be looked for: the words count");
    turnTo(0);
  } }, configs.length > 1 ? select("Config", configs.map(one => [one, one]), state.config, value => { state.config = value; state.split = splits.find(one => one.config === value).split; describe(); }) : null,
  select("Split", splits.filter(one => one.config === state.config).map(one => [one.split, one.split]), state.split, value => { state.split = value; describe(); }),
  h("label", { class: "field" }, h("span", {}, "Search"), search), h("label", { class: "field grow" }, h("span", {}, "Condition"), where), h("button", {}, "Show")), figures, rows, pager);
  statistics(figures, repo, state, signal);
  await load();
}

function grid({ features, rows }, repo, signal) {
  const names = features.map(feature => feature.name);
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Rows" }, h("table", { class: "data" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "#"),
    features.map(feature => h("th", { scope: "col" }, feature.name, h("div", { class: "soft" }, kindOf(feature.type)))))),
  h("tbody", {}, rows.map(one => h("tr", {}, h("th", { scope: "row", class: "soft" }, String(one.row_idx)),
    names.map((name, i) => h("td", {}, cell(one.row[name], features[i].type, signal), one.truncated_cells?.includes(name) ? h("span", { class: "soft" }, " … cut") : null)))))));
}

function kindOf(type) {
  if (Array.isArray(type)) return "list";
  return type?._type === "Value" ? type.dtype : type?._type === "ClassLabel" ? `${type.names?.length ?? ""} classes` : type?._type?.toLowerCase() ?? "object";
}

function cell(value, type, signal) {
  if (value === null || value === undefined) return h("span", { class: "soft" }, "null");
  if (type?._type === "ClassLabel" && Number.isInteger(value)) return type.names?.[value] ?? String(value);
  if (type?._type === "Image" && value.src) return media("img", value.src, signal);
  if (type?._type === "Audio" && Array.isArray(value) && value[0]?.src) return media("audio", value[0].src, signal);
  if (typeof value === "object") return h("div", { class: "json" }, node(null, value, 3));
  const text = String(value);
  if (text.length <= LONG) return text;
  const place = h("span", {}, text.slice(0, LONG) + "… ");
  const more = button("all", () => { place.textContent = text; more.remove(); }, { class: "mini" });
  return [place, more];
}

/** A picture or sound of this hub, which may want a token. */
function media(tag, address, signal) {
  const element = h(tag, { class: "thumb", controls: tag === "audio", alt: "picture" });
  const url = new URL(address, location.href);
  ask(url.pathname + url.search, { signal }).then(reply => reply.blob()).then(blob => {
    const own = URL.createObjectURL(blob);
    signal.addEventListener("abort", () => URL.revokeObjectURL(own));
    element.src = own;
  }).catch(() => element.replaceWith(document.createTextNode("(cannot be shown)")));
  return element;
}

async function statistics(place, repo, { config, split }, signal) {
  fill(place, h("p", { class: "soft" }, "Counting …"));
  try {
    const found = await json("/statistics", { dataset: repo.id, config, split }, signal);
    fill(place, found.statistics.map(figure), found.partial ? h("p", { class: "soft" }, `Of the first ${number(found.num_examples)} rows.`) : null);
  } catch (error) {
    if (error.name !== "AbortError") fill(place, h("p", { class: "soft" }, `No statistics: ${error.message}`));
  }
}

const LENGTHS = { string_text: " characters", list: " items" };

/** One column's statistics as a figure. */
function figure({ column_name: name, column_type: type, column_statistics: found }) {
  const missing = found.nan_count;
  if (found.frequencies) {
    const most = Object.entries(found.frequencies).sort((a, b) => b[1] - a[1]);
    return histogram(name, type.replaceAll("_", " "), most.slice(0, BARS).map(([value, count]) => [count, `${value}: ${number(count)}`]),
      most.slice(0, 4).map(([value, count]) => `${value.slice(0, 20)}: ${number(count)}`).join(", ") + (most.length > 4 ? `, ${most.length - 4} more` : ""), missing);
  }
  const { hist = [], bin_edges: edges = [] } = found.histogram ?? {};
  const unit = LENGTHS[type] ?? "";
  const range = found.min === null || found.min === undefined ? "no values" : `${plain(found.min)} to ${plain(found.max)}${unit}${found.mean === null || found.mean === undefined ? "" : `, mean ${plain(found.mean)}`}`;
  return histogram(name, type.replaceAll("_", " "), hist.map((count, i) => [count, `${plain(edges[i])} to ${plain(edges[i + 1])}: ${number(count)}`]), range, missing);
}

const plain = value => typeof value === "number" ? number(value) : String(value ?? "");
