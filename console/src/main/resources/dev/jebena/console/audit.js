// The log of accounts: who came in or was turned away, and who changed what.
import { get } from "./api.js";
import { API } from "./account.js";
import { button, fill, h, table } from "./dom.js";
import { time } from "./format.js";
import { setQuery } from "./pages.js";

const SHOWN = 200; // Rows at first.

export async function auditPart({ body, query, signal }) {
  const wanted = h("input", { type: "search", value: query.get("actor") ?? "", placeholder: "name", spellcheck: "false", autocapitalize: "off" });
  const list = h("div", {}), more = h("div", {});
  let entries = [], shown = SHOWN, whole = false;
  const draw = () => {
    fill(list, entries.length ? table("Log", ["When", "Who", "From", "What", "Of", "", "Detail"], entries.slice(0, shown).map(one => [
      time(one.time), one.actor, one.address, one.action, one.subject, one.allowed ? "" : h("span", { class: "bad" }, "refused"), one.detail]))
      : h("p", { class: "empty" }, "No entries."));
    fill(more, shown < entries.length || !whole ? button("More", next) : null);
  };
  const load = async () => {
    const { entries: found } = await get(API + "audit", { actor: wanted.value.trim(), before: entries.at(-1)?.id }, signal);
    entries.push(...found);
    whole = found.length === 0;
  };
  const next = async () => {
    shown += SHOWN;
    if (shown > entries.length && !whole) await load();
    draw();
  };
  const start = async () => {
    setQuery({ actor: wanted.value.trim() });
    entries = [];
    shown = SHOWN;
    await load();
    whole ||= entries.length < SHOWN;
    draw();
  };
  fill(body, h("form", { class: "controls", role: "search", onsubmit: event => { event.preventDefault(); start(); } }, h("label", { class: "field" }, h("span", {}, "Who"), wanted), h("button", {}, "Show")), list, more);
  await start();
}
