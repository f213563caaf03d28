// Discussions and pull requests of a repository.
import { button, fill, form, h, notice, select } from "./dom.js";
import { ago, number } from "./format.js";
import { change, json } from "./hub.js";
import { render } from "./markdown.js";
import { go, setQuery } from "./pages.js";
import { address } from "./repo.js";
import { differences } from "./repohistory.js";

export async function talks(context) {
  const { repo, query, signal, body } = context;
  if (/^\d+$/.test(query.get("num") ?? "")) return one(context, query.get("num"));
  const state = { status: query.get("status") ?? "open", type: query.get("type") ?? "all" };
  const list = h("ol", { class: "commits" }), more = h("div", {});
  const load = async (page = 0) => {
    const found = await json(repo.api + "/discussions", { ...state, p: page }, signal);
    const lines = found.discussions.map(talk => h("li", {}, h("a", { href: address(repo, "talks", "main", "&num=" + talk.num) }, talk.title), " ", badge(talk),
      h("div", { class: "soft" }, `#${talk.num} · ${talk.author.name} · `, h("time", { title: talk.createdAt }, ago(Date.parse(talk.createdAt))))));
    if (page) list.append(...lines); else fill(list, lines);
    fill(more, found.start + found.discussions.length < found.count ? button("More", () => load(page + 1)) : found.count ? null : h("p", { class: "empty" }, "None. A pull request begins with files that are proposed under Files."));
  };
  const sift = (name, value) => { state[name] = value; setQuery({ [name]: value }); load().catch(error => notice(error.message, true)); };
  fill(body, h("div", { class: "controls" }, select("State", [["open", "open"], ["closed", "closed and merged"], ["all", "all"]], state.status, value => sift("status", value)),
    select("Kind", [["all", "all"], ["discussion", "discussions"], ["pull_request", "pull requests"]], state.type, value => sift("type", value)), button("New discussion", () => begin(repo))), list, more);
  await load();
}

function badge(talk) {
  return [h("span", { class: talk.status === "open" || talk.status === "draft" ? "tag alias" : "tag" }, talk.status), talk.isPullRequest ? [" ", h("span", { class: "tag" }, "pull request")] : null];
}

function begin(repo) {
  const title = h("input", { required: true, minlength: 3, maxlength: 200 });
  const text = h("textarea", { rows: 5, required: true });
  form("New discussion", "Begin", [h("label", {}, "Title", title), h("label", {}, "What is it about? (Markdown)", text)], async box => {
    const made = await change("POST", repo.api + "/discussions", { title: title.value.trim(), description: text.value.trim() });
    box.close();
    go(address(repo, "talks", "main", "&num=" + made.num));
  });
}

async function one(context, num) {
  const { repo, signal, body } = context;
  const talk = await json(`${repo.api}/discussions/${num}`, { diff: "true" }, signal);
  const again = () => go(location.href);
  const post = async (path, fields, done) => {
    try {
      await change("POST", `${repo.api}/discussions/${num}/${path}`, fields);
      if (done) notice(done);
      again();
    } catch (error) { notice(error.message, true); }
  };
  const runs = talk.status === "open" || talk.status === "draft";
  const text = h("textarea", { rows: 4, required: true, "aria-label": "Comment", placeholder: "Markdown" });
  const conflicts = Array.isArray(talk.filesWithConflicts) ? talk.filesWithConflicts : [];
  fill(body, h("nav", { class: "above", "aria-label": "Discussions" }, h("a", { href: address(repo, "talks", "main") }, "Discussions"), ` / #${number(talk.num)}`),
    h("div", { class: "filehead" }, h("h2", {}, talk.title), badge(talk), button("Rename", () => rename(talk, title => post("title", { title })), { class: "mini" })),
    talk.events.map(event => happened(event, repo)), talk.isPullRequest ? pull(talk, conflicts) : null,
    h("form", { class: "comment", onsubmit: event => { event.preventDefault(); post("comment", { comment: text.value.trim() }); } }, text, h("div", { class: "controls" }, h("button", { class: "primary" }, "Comment"),
      talk.isPullRequest && runs ? button("Merge", () => post("merge", {}, "Merged"), { disabled: conflicts.length > 0 }) : null,
      talk.status === "merged" ? null : button(runs ? "Close" : "Open again", () => post("status", { status: runs ? "closed" : "open" })))));
}

function rename(talk, done) {
  const title = h("input", { required: true, minlength: 3, maxlength: 200, value: talk.title });
  form("Rename", "Keep", h("label", {}, "Title", title), async box => { box.close(); done(title.value.trim()); });
}

/** What a pull request would change. */
function pull(talk, conflicts) {
  return h("section", {}, h("h3", {}, "Changes"), conflicts.length ? h("p", { class: "problem" }, `Both sides changed ${conflicts.join(", ")}.`) : null,
    talk.changes?.mergeCommitId ? h("p", { class: "soft" }, "Merged as ", h("code", {}, talk.changes.mergeCommitId.slice(0, 12))) : null, differences(talk.diff ?? ""));
}

const WORDS = { "status-change": data => `made it ${data.status}`, "title-change": data => `renamed it from “${data.from}” to “${data.to}”` };

function happened(event, repo) {
  const when = h("time", { title: event.createdAt }, ago(Date.parse(event.createdAt)));
  if (event.type === "commit") return h("p", { class: "soft" }, `${event.author.name} added `, event.data.oid ? h("a", { href: address(repo, "history", "main", "&commit=" + encodeURIComponent(event.data.oid)) }, event.data.subject ?? event.data.oid.slice(0, 10)) : "a commit", " ", when);
  if (event.type !== "comment") return h("p", { class: "soft" }, `${event.author.name} ${WORDS[event.type]?.(event.data) ?? event.type} `, when);
  if (!event.data.latest.raw) return h("p", { class: "soft" }, `${event.author.name} began it `, when);
  const text = h("div", { class: "body markdown" });
  render(event.data.latest.raw, text);
  return h("article", { class: "card said" }, h("div", { class: "soft" }, h("b", {}, event.author.name), " ", when, event.data.edited ? ", edited" : ""), text);
}
