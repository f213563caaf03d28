// The commits of a repository, and what one of them changed.
import { button, fill, h } from "./dom.js";
import { ago } from "./format.js";
import { ask, cursor, json } from "./hub.js";
import { address } from "./repo.js";

const LINES = 5000; // Lines of a difference that are drawn.

export async function history(context) {
  const { repo, revision, query, signal, body } = context;
  if (query.get("commit")) return commit(context, query.get("commit"));
  const path = query.get("path");
  const list = h("ol", { class: "commits" });
  const more = h("div", {});
  const load = async page => {
    const reply = await ask(`${repo.api}/commits/${encodeURIComponent(revision)}?limit=50&p=${page}${path ? "&path=" + encodeURIComponent(path) : ""}`, { signal });
    list.append(...(await reply.json()).map(one => h("li", {}, h("a", { href: address(repo, "history", revision, "&commit=" + one.id) }, one.title || "(no words)"),
      h("div", { class: "soft" }, `${one.authors?.[0]?.user ?? ""} · `, h("time", { title: one.date }, ago(Date.parse(one.date))), " · ", h("code", {}, one.id.slice(0, 10))))));
    const next = cursor(reply, "p");
    fill(more, next ? button("More", () => load(next)) : null);
  };
  fill(body, path ? h("h2", {}, `History of ${path}`) : null, list, more);
  await load(0);
}

async function commit({ repo, revision, signal, body }, id) {
  const [one] = await json(`${repo.api}/commits/${encodeURIComponent(id)}`, { limit: 1 }, signal);
  const text = await (await ask(`${repo.api}/compare/${encodeURIComponent(`${id}^..${id}`)}`, { signal })).text();
  fill(body, h("h2", {}, one.title), one.message ? h("p", {}, one.message) : null,
    h("p", { class: "soft" }, `${one.authors?.[0]?.user ?? ""} · ${one.date} · `, h("code", {}, id), " · ", h("a", { href: address(repo, "files", id) }, "files then")), differences(text));
}

/** The text of a `git diff` with its lines told apart. */
export function differences(text) {
  const lines = text.split("\n");
  const parts = [];
  let part = null;
  for (const line of lines.slice(0, LINES)) {
    if (line.startsWith("diff --git ")) {
      part = { name: line.replace(/^diff --git a\/(.*) b\/(.*)$/, "$2"), lines: [] };
      parts.push(part);
    } else part?.lines.push(line);
  }
  return [parts.length ? parts.map(({ name, lines: own }) => h("section", { class: "difference" }, h("h3", {}, name), h("pre", { tabindex: "0" }, own.map(line => h("span", { class: kind(line) }, line + "\n")))))
    : h("p", { class: "soft" }, "Nothing changed."), lines.length > LINES ? h("p", { class: "soft" }, `${lines.length - LINES} more lines are not shown.`) : null];
}

function kind(line) {
  if (line.startsWith("@@")) return "place";
  if (/^(\+\+\+|---|index|new|deleted|similarity|rename)/.test(line)) return "meta";
  return line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : "";
}
