// Repositories whose files are for those who asked and were let in.
import { button, confirmed, fill, h, notice, table } from "./dom.js";
import { ago } from "./format.js";
import { change, json } from "./hub.js";

/** What somebody sees who may not read the files yet. */
export function askFor(repo, message) {
  const place = h("section", { class: "problem" });
  const ask = async () => {
    try {
      const { status } = await change("POST", repo.files + "/ask-access", {});
      fill(place, h("p", {}, status === "accepted" ? "You are let in: load this page again." : "You have asked; its owners decide."));
    } catch (error) { notice(error.message, true); }
  };
  return fill(place, h("p", {}, message), h("p", {}, button("Ask for access", ask)));
}

/** Who asked, and who was let in, for those who may write there. */
export async function requests(place, repo, signal) {
  const lists = await Promise.all(["pending", "accepted", "rejected"].map(status => json(`${repo.api}/user-access-request/${status}`, {}, signal).catch(error => { if (error.name === "AbortError") throw error; return null; })));
  if (lists.includes(null)) return;
  const again = () => requests(place, repo, signal).catch(error => notice(error.message, true));
  const handle = async (user, status) => {
    try { await change("POST", `${repo.api}/user-access-request/handle`, { user, status }); again(); } catch (error) { notice(error.message, true); }
  };
  const grant = async name => {
    try { await change("POST", `${repo.api}/user-access-request/grant`, { user: name }); again(); } catch (error) { notice(error.message, true); }
  };
  const name = h("input", { required: true, spellcheck: "false", autocapitalize: "off" });
  const all = lists.flat();
  const mini = (label, user, status) => button(label, async () => {
    if (status !== "rejected" || await confirmed(`Keep ${user} out?`, "Keep out")) handle(user, status);
  }, { class: "mini", "aria-label": `${label} ${user}` });
  fill(place, h("h2", {}, "Who asked for access"), all.length ? table("Requests", ["Who", "State", "When", ""], all.map(one => [one.user.user, one.status, ago(Date.parse(one.timestamp)),
    [one.status === "accepted" ? null : mini("Let in", one.user.user, "accepted"), one.status === "rejected" ? null : mini("Keep out", one.user.user, "rejected")]])) : h("p", { class: "soft" }, "Nobody yet."),
  h("form", { class: "controls", onsubmit: event => { event.preventDefault(); grant(name.value.trim()); } }, h("label", { class: "field" }, h("span", {}, "Let in without asking"), name), h("button", {}, "Let in")));
}
