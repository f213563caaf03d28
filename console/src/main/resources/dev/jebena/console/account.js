// The own account: who one is, password, API tokens, sessions.
import { get, post, send } from "./api.js";
import { button, confirmed, facts, fill, form, h, notice, table } from "./dom.js";
import { ago, time } from "./format.js";
import { accounts, logIn } from "./login.js";
import { head } from "./pages.js";
import { shownOnce } from "./tokens.js";

export const API = "/api/accounts/";
export const LEVELS = ["READ", "USE", "EDIT", "MANAGE"];
const HOLDS = [["7", "a week"], ["30", "30 days"], ["90", "90 days"], ["365", "a year"], ["", "for ever"]];

export async function page(main, segments, query, signal) {
  if (!accounts) return without(main);
  const me = await get(API + "me", {}, signal);
  const tokens = h("section", {}), sessions = h("section", {});
  fill(main, head("Your account", [], [h("a", { class: "button", href: "/console/accounts/users" }, me.is_admin ? "All accounts" : "Teams and roles"), button("Log out", logOut)]),
    facts([["Name", me.username], ["Mail", me.email], ["Rights", me.is_admin ? "administrator" : "as roles and permissions say"], ["Teams", me.teams.map(tag)],
      ["Permissions", me.permissions.length ? h("details", {}, h("summary", {}, `${me.permissions.length} of your own`),
        table("Permissions", ["For", "Name or id", "Level"], me.permissions.map(one => [one.resource_type.replaceAll("_", " "), one.resource_id, one.permission]))) : null]]),
    me.password ? passwordForm(me.username) : h("p", { class: "soft" }, "You log in with another system, which keeps your password."), tokens, sessions);
  await Promise.all([showTokens(tokens, signal), showSessions(sessions, signal)]);
}

export const tag = text => [h("span", { class: "tag" }, text), " "];

export function without(main) {
  fill(main, head("Accounts"), h("p", { class: "empty" }, "This server has no accounts: whoever reaches it may use it. ", h("code", {}, "jebena serve --accounts"), " asks for them."));
}

/** Does something, tells that it is done or why not. */
export async function attempt(done, work) {
  try {
    await work();
    notice(done);
    return true;
  } catch (error) {
    notice(error.message, true);
    return false;
  }
}

async function logOut() {
  await post(API + "logout", {});
  logIn();
}

/** Whose password a form is about, for what keeps passwords. */
export const whose = name => h("input", { class: "hidden", autocomplete: "username", value: name, readonly: true, tabindex: "-1", "aria-hidden": "true" });

function passwordForm(name) {
  const current = h("input", { type: "password", autocomplete: "current-password", required: true });
  const next = h("input", { type: "password", autocomplete: "new-password", required: true, minlength: 12 });
  const change = async event => {
    event.preventDefault();
    if (await attempt("The password is changed: log in with it", () => post(API + "password", { current_password: current.value, password: next.value }))) logIn();
  };
  return h("section", {}, h("h2", {}, "Password"), h("form", { class: "controls", onsubmit: change }, whose(name),
    h("label", { class: "field" }, h("span", {}, "Current"), current), h("label", { class: "field" }, h("span", {}, "New, 12 characters or more"), next), h("button", {}, "Change")));
}

async function showTokens(place, signal) {
  const { tokens } = await get(API + "tokens", {}, signal);
  const again = () => showTokens(place, signal);
  const end = async one => {
    if (!await confirmed(`End the token ${one.name}? Programs that use it lose their access.`, "End")) return;
    await attempt("The token is ended", () => send("DELETE", API + "tokens/" + one.id));
    await again();
  };
  fill(place, h("h2", {}, "API tokens"), h("p", { class: "soft" }, "For programs: ", h("code", {}, "Authorization: Bearer …"), ", or ", h("code", {}, "MLFLOW_TRACKING_TOKEN"), "."),
    tokens.length ? table("API tokens", ["Name", "At most", "Made", "Ends", "Used", ""], tokens.map(one => [one.name, one.level, time(one.created), one.expires ? time(one.expires) : "never",
      one.used ? ago(one.used) : "never", button("End", () => end(one), { class: "mini", "aria-label": `End ${one.name}` })])) : h("p", { class: "soft" }, "None yet."),
    h("p", {}, button("New API token", () => newToken(again))));
}

const choice = (values, chosen) => h("select", {}, values.map(([value, text]) => h("option", { value, selected: value === chosen }, text)));

function newToken(again) {
  const name = h("input", { required: true, maxlength: 200 });
  const level = choice([["READ", "READ: sees"], ["USE", "USE: asks models"], ["EDIT", "EDIT: changes and makes"], ["MANAGE", "MANAGE: all that you may"]], "EDIT");
  const days = choice(HOLDS, "90");
  form("New API token", "Make", [h("label", {}, "Name", name), h("label", { class: "field" }, h("span", {}, "At most"), level), h("label", { class: "field" }, h("span", {}, "Holds"), days)], async box => {
    const { token } = await post(API + "tokens", { name: name.value.trim(), level: level.value, ...(days.value ? { days: Number(days.value) } : {}) });
    box.close();
    await again();
    shownOnce(token);
  });
}

async function showSessions(place, signal) {
  const { sessions } = await get(API + "sessions", {}, signal);
  const end = async one => {
    if (await attempt("The session is ended", () => send("DELETE", API + "sessions/" + one.id))) await (one.current ? logIn() : showSessions(place, signal));
  };
  const endAll = async () => {
    if (await confirmed("Log out everywhere, here too?", "Log out") && await attempt("Logged out everywhere", () => send("DELETE", API + "sessions"))) logIn();
  };
  fill(place, h("h2", {}, "Sessions"), sessions.length ? table("Sessions", ["Began", "Ends", "From", "", ""], sessions.map(one => [time(one.created), time(one.expires), one.address,
    one.current ? h("span", { class: "tag alias" }, "this one") : "", button("End", () => end(one), { class: "mini", "aria-label": `End the session of ${time(one.created)}` })])) : h("p", { class: "soft" }, "None: you came in with a token."),
  sessions.length ? h("p", {}, button("Log out everywhere", endAll)) : null);
}
