// Repositories of the hub: the list, and one of them.
import { button, fill, form, h, select } from "./dom.js";
import { ago, number, time } from "./format.js";
import { ask, change, cursor, KINDS, Repo } from "./hub.js";
import { query as fields } from "./api.js";
import { go, head, setQuery } from "./pages.js";
import { showRepo } from "./repo.js";

const SORTS = [["lastModified", "Changed last"], ["createdAt", "Newest"], ["downloads", "Most downloads"], ["likes", "Most likes"]];

export async function page(main, segments, query, signal) {
  if (segments.length >= 3) return showRepo(main, new Repo(segments[0], segments[1], segments[2]), query, signal);
  const kind = KINDS[segments[0]] ? segments[0] : "models";
  const state = { search: query.get("search") ?? "", author: query.get("author") ?? "", filter: query.get("filter") ?? "", sort: query.get("sort") ?? "lastModified" };
  const list = h("ul", { class: "repos" });
  const more = h("div", {});
  let turn = 0;
  const load = async (from = null) => {
    const mine = ++turn;
    const reply = await ask(`/api/${kind}?` + fields({ ...state, direction: -1, limit: 50, cursor: from, full: "" }), { signal });
    const repos = await reply.json();
    if (mine !== turn) return;
    const next = cursor(reply);
    if (from) list.append(...repos.map(one => entry(kind, one))); else fill(list, repos.map(one => entry(kind, one)));
    fill(more, list.childElementCount ? null : h("p", { class: "empty" }, "None found. Make one above, or push one: ", h("code", {}, `HF_ENDPOINT=${location.origin}`)), next ? button("More", () => load(next)) : null);
  };
  const told = () => load().catch(error => error.name === "AbortError" || fill(more, h("p", { class: "problem", role: "alert" }, error.message)));
  const sift = (name, value) => {
    state[name] = value;
    setQuery({ [name]: name === "sort" && value === "lastModified" ? null : value });
    told();
  };
  const field = (label, name, placeholder) => h("label", { class: "field" }, h("span", {}, label),
    h("input", { type: "search", value: state[name], placeholder, oninput: event => sift(name, event.target.value.trim()) }));
  fill(main, head(KINDS[kind], [["Hub", "/console/repos"]], [button("New repository", () => create(kind))]),
    h("nav", { class: "tabs", "aria-label": "Kind" }, Object.entries(KINDS).map(([id, name]) => h("a", { href: "/console/repos/" + id, "aria-current": id === kind ? "page" : null }, name))),
    h("div", { class: "controls", role: "search" }, field("Search", "search", "words"), field("Owner", "author", "name"), field("Tag", "filter", "license:mit"),
      select("Order", SORTS, state.sort, value => sift("sort", value))), list, more);
  await told();
}

function entry(kind, one) {
  const [namespace, name] = one.id.split("/");
  return h("li", {}, h("a", { href: new Repo(kind, namespace, name).page }, one.id), badges(one),
    h("span", { class: "soft" }, h("time", { title: time(Date.parse(one.lastModified)) }, ago(Date.parse(one.lastModified))), one.downloads ? ` · ${number(one.downloads)} downloads` : ""));
}

/** What one wants to know at a glance: who may see it, what it does, under what licence. */
export function badges(one) {
  const tags = one.tags ?? [];
  const licence = tags.find(tag => tag.startsWith("license:"))?.slice(8);
  return h("span", { class: "badges" }, one.private ? h("span", { class: "tag" }, "private") : null, one.gated ? h("span", { class: "tag" }, "gated") : null,
    one.pipeline_tag ? h("span", { class: "tag" }, one.pipeline_tag) : null, one.library_name ? h("span", { class: "tag" }, one.library_name) : null,
    h("span", { class: licence ? "tag alias" : "tag" }, licence ?? "no licence"));
}

function create(kind) {
  const name = h("input", { required: true, placeholder: "name, or organisation/name", spellcheck: "false", autocapitalize: "off" });
  const hidden = h("input", { type: "checkbox" });
  form(`New repository (${KINDS[kind].toLowerCase()})`, "Create", [h("label", {}, "Name", name), h("label", { class: "check" }, hidden, "Private")], async box => {
    const parts = name.value.trim().split("/");
    const made = await change("POST", "/api/repos/create", { name: parts.at(-1), ...(parts.length > 1 ? { organization: parts[0] } : {}), type: kind.slice(0, -1), private: hidden.checked });
    box.close();
    const [namespace, own] = (made.name ?? made.id).split("/");
    go(new Repo(kind, namespace, own).page);
  });
}
