// Shows the page that the address names. Everything that a page shows is in its address.
import { markCurrent, startBar } from "./bar.js";
import { fill, h } from "./dom.js";

const MODULES = {
  models: () => import("./models.js"),
  experiments: () => import("./experiments.js"),
  runs: () => import("./run.js"),
  compare: () => import("./compare.js"),
  registry: () => import("./registry.js"),
  repos: () => import("./repos.js"),
  lineage: () => import("./lineage.js"),
  system: () => import("./system.js"),
  settings: () => import("./settings.js"),
  account: () => import("./account.js"),
  accounts: () => import("./accounts.js"),
};

const main = document.getElementById("page");
let leaving = null;

/** Goes to a page of this application. */
export function go(address) {
  history.pushState(null, "", address);
  show();
}

/** Changes the query of the address; null takes a name out. The page is not drawn anew. */
export function setQuery(values) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined || value === "") url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  history.replaceState(null, "", url);
}

export function title(text) {
  document.title = `${text} · Jebena`;
}

/** The head of a page: where it is, its name and what can be done. */
export function head(name, above = [], actions = []) {
  title(name);
  return h("div", { class: "pagehead" },
    above.length ? h("nav", { class: "above", "aria-label": "Above" }, above.map(([text, href]) => [h("a", { href }, text), " / "])) : null,
    h("div", { class: "titleline" }, h("h1", { tabindex: "-1" }, name), h("div", { class: "actions" }, actions)));
}

async function show(first = false) {
  leaving?.abort();
  const leave = new AbortController();
  leaving = leave;
  markCurrent();
  const [name, ...segments] = location.pathname.split("/").slice(2).map(decodeURIComponent);
  try {
    const module = await load(name);
    if (leave.signal.aborted) return;
    await module.page(main, segments, new URLSearchParams(location.search), leave.signal);
    if (!first && !leave.signal.aborted) (main.querySelector("h1") ?? main).focus({ preventScroll: true });
  } catch (error) {
    if (leave.signal.aborted || error.name === "AbortError") return;
    title("Not shown");
    fill(main, h("div", { class: "problem", role: "alert" }, h("h1", { tabindex: "-1" }, "This cannot be shown"), h("p", {}, error.message)));
  }
}

/** The module of a page. One that is not there any more belongs to an older version of these pages. */
async function load(name) {
  const module = MODULES[name];
  if (!module) throw new Error(`There is no page ${name}`);
  try {
    return await module();
  } catch (error) {
    const before = Number(sessionStorage.getItem("jebena.reloaded") ?? 0);
    if (Date.now() - before < 60_000) throw error;
    sessionStorage.setItem("jebena.reloaded", String(Date.now()));
    location.reload();
    return new Promise(() => {});
  }
}

document.addEventListener("click", event => {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.hasAttribute("target") || link.hasAttribute("download")) return;
  const url = new URL(link.getAttribute("href"), location.href);
  if (url.origin !== location.origin || !url.pathname.startsWith("/console/") || url.hash) return;
  event.preventDefault();
  go(url.href);
});
addEventListener("popstate", () => show());
startBar();
show(true);
