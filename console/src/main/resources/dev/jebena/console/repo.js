// One repository: card, files, history, settings.
import { cardView } from "./cardview.js";
import { data } from "./datarows.js";
import { button, confirmed, facts, fill, h, notice, select, table } from "./dom.js";
import { ago, bytes, number, time } from "./format.js";
import { ask, change, json, KINDS } from "./hub.js";
import { askFor, requests } from "./gated.js";
import { licence } from "./licence.js";
import { render } from "./markdown.js";
import { go, head } from "./pages.js";
import { history } from "./repohistory.js";
import { showFile } from "./repofile.js";
import { badges } from "./repos.js";
import { talks } from "./talks.js";
import { dropZone } from "./upload.js";

const TABS = [["card", "Card"], ["data", "Data"], ["files", "Files"], ["history", "History"], ["talks", "Discussions"], ["licence", "Licences"], ["checks", "Checks"], ["settings", "Settings"]];
const AT_REVISIONS = ["card", "files", "history", "licence"];

export async function showRepo(main, repo, query, signal) {
  const tabs = TABS.filter(([id]) => id !== "data" || repo.kind === "datasets");
  const tab = tabs.some(([id]) => id === query.get("tab")) ? query.get("tab") : "card";
  const revision = query.get("rev") ?? "main";
  const [info, refs] = await Promise.all([
    json(revision === "main" ? repo.api : `${repo.api}/revision/${encodeURIComponent(revision)}`, {}, signal), json(repo.api + "/refs", {}, signal)]);
  const body = h("div", {});
  const link = (id, name) => h("a", { href: address(repo, id, revision), "aria-current": id === tab ? "page" : null }, name);
  const revisions = [...(refs.branches ?? []), ...(refs.tags ?? [])].map(ref => [ref.name, ref.name]);
  if (!revisions.some(([name]) => name === revision)) revisions.push([revision, revision.slice(0, 12)]);
  fill(main, head(repo.id, [["Hub", "/console/repos"], [KINDS[repo.kind], "/console/repos/" + repo.kind]], [
    h("code", {}, `hf download ${repo.id}${repo.kind === "models" ? "" : ` --repo-type ${repo.kind.slice(0, -1)}`}`)]), badges(info),
  h("nav", { class: "tabs", "aria-label": "Parts" }, tabs.map(([id, name]) => link(id, name))),
  !AT_REVISIONS.includes(tab) ? null : h("div", { class: "controls" }, select("Revision", revisions, revision, name => go(address(repo, tab, name)))), body);
  const show = { card, data, files, history, talks, licence, checks, settings }[tab];
  try {
    await show({ repo, info, revision, query, signal, body });
  } catch (error) {
    if (!info.gated || ![401, 403].includes(error.status)) throw error;
    fill(body, askFor(repo, error.message));
  }
}

export function address(repo, tab, revision, more = "") {
  return `${repo.page}?tab=${tab}${revision === "main" ? "" : "&rev=" + encodeURIComponent(revision)}${more}`;
}

async function card({ repo, info, revision, signal, body }) {
  const about = h("aside", { class: "about" }, facts([
    ["Changed", h("time", { title: time(Date.parse(info.lastModified)) }, ago(Date.parse(info.lastModified)))], ["Downloads", number(info.downloads)], ["Size", info.usedStorage ? bytes(info.usedStorage) : null],
    ["Files", number(info.siblings?.length)], ["Commit", h("code", {}, String(info.sha).slice(0, 12))], ["Licence", info.cardData?.license ?? null], ["Base model", list(info.cardData?.base_model)],
    ["Data sets", list(info.cardData?.datasets)], ["Languages", list(info.cardData?.language)], ["Tags", (info.tags ?? []).map(tag => [h("span", { class: "tag" }, tag), " "])],
  ]));
  const text = h("div", { class: "body markdown" });
  fill(body, h("div", { class: "cardpage" }, text, about));
  if (!(info.siblings ?? []).some(file => file.rfilename === "README.md")) {
    fill(text, h("p", { class: "empty" }, "There is no README.md, so nobody knows what this is for, what it was made of and who may use it."));
    return;
  }
  const known = await json(repo.api + "/card", { revision }, signal).catch(error => { if (error.status !== 404) throw error; });
  if (known) {
    fill(text, cardView(known.tree ?? [], repo, revision, signal));
    about.append(...findings(known.findings, repo, revision));
    return;
  }
  const source = await (await ask(repo.file(revision, "README.md"), { signal })).text();
  render(source.replace(/^---\r?\n[\s\S]*?\r?\n---\r?\n/, "").slice(0, 500_000), text);
}

/** What is wrong with a card, or missing in it. */
function findings(found, repo, revision) {
  if (!found.length) return [];
  const worst = [...found].sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
  return [h("details", { class: "cardcheck", open: worst[0].level === "error" }, h("summary", {}, `${found.length} remarks on this card`), h("ul", {}, worst.map(one => h("li", {},
    h("span", { class: one.level === "error" ? "tag bad" : "tag" }, one.level), " ", one.message, one.line ? [" ", h("a", { href: address(repo, "files", revision, "&file=README.md") }, `line ${one.line}`)] : null, one.remedy ? h("div", { class: "soft" }, one.remedy) : null))))];
}

const LEVELS = ["error", "warning", "hint"];
const list = value => value === undefined || value === null ? null : [].concat(value).map(String).join(", ");

async function files(context) {
  const { repo, revision, query, signal, body } = context;
  const path = query.get("path") ?? "";
  if (query.get("file")) return showFile({ ...context, path: query.get("file") });
  const found = await json(`${repo.api}/tree/${encodeURIComponent(revision)}${path ? "/" + path.split("/").map(encodeURIComponent).join("/") : ""}`, { expand: "true" }, signal);
  const sorted = found.sort((a, b) => (a.type === "file") - (b.type === "file") || a.path.localeCompare(b.path, "en", { numeric: true }));
  fill(body, crumbs(repo, revision, path), found.length ? table("Files", ["Name", "Size", "Last commit", "When", "Checks"], sorted.map(file => [
    h("a", { href: address(repo, "files", revision, `&${file.type === "file" ? "file" : "path"}=${encodeURIComponent(file.path)}`) }, (file.type === "file" ? "" : "▸ ") + file.path.split("/").at(-1)),
    file.type === "file" ? [bytes(file.size), file.lfs ? [" ", h("span", { class: "tag" }, "LFS")] : null] : "",
    file.lastCommit ? h("a", { href: address(repo, "history", revision, "&commit=" + file.lastCommit.id) }, file.lastCommit.title.slice(0, 80)) : "",
    file.lastCommit ? h("time", { title: file.lastCommit.date }, ago(Date.parse(file.lastCommit.date))) : "", safety(file.securityFileStatus),
  ])) : h("p", { class: "empty" }, "No files yet."), dropZone(repo, revision, path, num => go(num ? address(repo, "talks", "main", "&num=" + num) : location.href)));
}

function safety(status) {
  if (!status) return "";
  const good = status.status === "safe";
  return h("span", { class: good ? "passed" : "failed" }, h("span", {}, good ? "✓ " : "! "), status.status);
}

/** Where a folder lies, or a file. */
export function crumbs(repo, revision, path, file = false) {
  const parts = path.split("/").filter(Boolean);
  return h("nav", { class: "above", "aria-label": "Folder" }, h("a", { href: address(repo, "files", revision) }, repo.name),
    parts.map((part, i) => [" / ", file && i === parts.length - 1 ? part
      : h("a", { href: address(repo, "files", revision, "&path=" + encodeURIComponent(parts.slice(0, i + 1).join("/"))) }, part)]));
}

async function checks({ repo, revision, signal, body }) {
  const scan = await json(repo.api + "/scan", {}, signal);
  fill(body, h("p", {}, scan.scansDone ? (scan.files.length ? `${scan.files.length} files need a look.` : "Every file of main passed the checks.") : "Nothing was checked: no checks are set up."),
    scan.blockUnsafe ? h("p", { class: "soft" }, "Unsafe files are not given out.") : null,
    scan.files.map(file => h("section", { class: "finding problem" }, h("b", {}, h("a", { href: address(repo, "files", revision, "&file=" + encodeURIComponent(file.path)) }, file.path)),
      file.findings.map(one => h("p", {}, h("span", { class: "tag" }, one.check, " ", one.level), " ", one.message)))));
}

async function settings({ repo, info, signal, body }) {
  const scan = await json(repo.api + "/scan", {}, signal).catch(() => ({}));
  const blocks = h("input", { type: "checkbox", checked: scan.blockUnsafe });
  const asked = h("section", {});
  const hidden = h("input", { type: "checkbox", checked: info.private });
  const gated = h("select", {}, [["false", "no"], ["auto", "asked for"], ["manual", "asked for and granted"]].map(([value, text]) => h("option", { value, selected: String(info.gated) === value }, text)));
  const name = h("input", { value: repo.id, spellcheck: "false" });
  const attempt = async (done, work) => {
    try { await work(); notice(done); } catch (error) { notice(error.message, true); }
  };
  const kind = repo.kind.slice(0, -1);
  fill(body, h("form", { class: "controls", onsubmit: event => {
    event.preventDefault();
    attempt("Kept", () => change("PUT", repo.api + "/settings", { private: hidden.checked, gated: gated.value === "false" ? false : gated.value, blockUnsafe: blocks.checked }));
  } }, h("label", { class: "check" }, hidden, "Private"), h("label", { class: "field" }, h("span", {}, "Access"), gated), h("label", { class: "check" }, blocks, "Files that the checks call unsafe are not given out"), h("button", {}, "Keep")),
  h("form", { class: "controls", onsubmit: event => {
    event.preventDefault();
    attempt("Moved", async () => {
      await change("POST", "/api/repos/move", { fromRepo: repo.id, toRepo: name.value.trim(), type: kind });
      go("/console/repos/" + repo.kind + "/" + name.value.trim().split("/").map(encodeURIComponent).join("/"));
    });
  } }, h("label", { class: "field" }, h("span", {}, "Name"), name), h("button", {}, "Rename")),
  h("div", { class: "controls" }, button("Delete this repository", async () => {
    if (!await confirmed(`Delete ${repo.id} with its whole history? This cannot be undone.`, "Delete")) return;
    attempt(`${repo.id} is deleted`, async () => {
      await change("DELETE", "/api/repos/delete", { name: repo.name, organization: repo.namespace, type: kind });
      go("/console/repos/" + repo.kind);
    });
  })), asked);
  if (info.gated) await requests(asked, repo, signal);
}
