// All accounts: users, teams, roles in workspaces, and the log, for administrators; others see names, teams and roles.
import { get, post, send } from "./api.js";
import { API, attempt, LEVELS, tag, whose, without } from "./account.js";
import { auditPart } from "./audit.js";
import { button, confirmed, fill, form, h, select, table } from "./dom.js";
import { accounts } from "./login.js";
import { head } from "./pages.js";

const PARTS = [["users", "Users"], ["teams", "Teams"], ["roles", "Roles"], ["audit", "Log"]];

export async function page(main, [part = "users"], query, signal) {
  if (!accounts) return without(main);
  if (!PARTS.some(([id]) => id === part)) throw new Error(`There is no page accounts/${part}`);
  const me = await get(API + "me", {}, signal);
  const body = h("div", {}), actions = h("div", { class: "actions" });
  fill(main, head("Accounts", [["Your account", "/console/account"]], actions),
    h("nav", { class: "tabs", "aria-label": "Parts" }, PARTS.filter(([id]) => me.is_admin || id !== "audit")
      .map(([id, name]) => h("a", { href: "/console/accounts/" + id, "aria-current": id === part ? "page" : null }, name))), body);
  const context = { body, actions, me, admin: me.is_admin, query, signal };
  await { users, teams, roles, audit: auditPart }[part](context);
}

const at = (...segments) => API + segments.map(encodeURIComponent).join("/");

async function users(context) {
  const { body, actions, me, admin, signal } = context;
  const { users: all } = await get(API + "users", {}, signal);
  const again = () => users(context);
  const change = async (name, done, fields) => await attempt(done, () => send("PATCH", at("users", name), fields)) && again();
  const remove = async name => {
    if (await confirmed(`Remove ${name} with all tokens, sessions and permissions?`, "Remove")) await attempt(`${name} is removed`, () => send("DELETE", at("users", name))) && again();
  };
  const mini = (label, name, work) => button(label, work, { class: "mini", "aria-label": `${label}: ${name}` });
  const deeds = user => user.username === me.username ? h("span", { class: "soft" }, "you") : [
    mini("Password", user.username, () => newPassword(user.username, again)),
    user.is_admin ? mini("No administrator", user.username, () => change(user.username, `${user.username} is no administrator`, { is_admin: false }))
      : mini("Administrator", user.username, () => change(user.username, `${user.username} is an administrator`, { is_admin: true })),
    user.disabled ? mini("Let in", user.username, () => change(user.username, `${user.username} may come in`, { disabled: false }))
      : mini("Shut out", user.username, () => change(user.username, `${user.username} is shut out`, { disabled: true })),
    mini("Remove", user.username, () => remove(user.username))];
  fill(actions, admin ? button("New user", () => newUser(again)) : null);
  fill(body, admin ? table("Users", ["Name", "Mail", "State", ""], all.map(user => [user.username, user.email,
    [user.is_admin ? tag("administrator") : null, user.disabled ? h("span", { class: "tag bad" }, "shut out") : null], deeds(user)]))
    : [h("p", { class: "soft" }, "Administrators see and change more."), table("Users", ["Name"], all.map(user => [user.username]))]);
}

function newUser(again) {
  const name = h("input", { required: true, autocomplete: "off", spellcheck: "false", autocapitalize: "off" });
  const password = h("input", { type: "password", required: true, minlength: 12, autocomplete: "new-password" });
  form("New user", "Make", [h("label", {}, "Name", name), h("label", {}, "Password, 12 characters or more", password)], async box => {
    await post(API + "users", { username: name.value.trim(), password: password.value });
    box.close();
    await again();
  });
}

function newPassword(name, again) {
  const password = h("input", { type: "password", required: true, minlength: 12, autocomplete: "new-password" });
  form(`New password of ${name}`, "Set", [h("p", {}, "Whoever is logged in with the old one is out."), whose(name), h("label", {}, "Password, 12 characters or more", password)], async box => {
    await send("PATCH", at("users", name), { password: password.value });
    box.close();
    await again();
  });
}

const nameList = (id, names) => h("datalist", { id }, names.map(value => h("option", { value })));

async function teams(context) {
  const { body, actions, admin, signal } = context;
  const [{ teams: all }, { users: people }] = await Promise.all([get(API + "teams", {}, signal), get(API + "users", {}, signal)]);
  const again = () => teams(context);
  const remove = async name => {
    if (await confirmed(`Remove the team ${name} with its roles?`, "Remove")) await attempt(`${name} is removed`, () => send("DELETE", at("teams", name))) && again();
  };
  const member = (team, name) => h("span", { class: "tag" }, name, admin ? [" ", button("✕", async () => {
    await attempt(`${name} is not in ${team.name} any more`, () => send("DELETE", at("teams", team.name, "members", name))) && again();
  }, { class: "mini", "aria-label": `Take ${name} out of ${team.name}` })] : null);
  const adding = team => {
    const name = h("input", { required: true, list: "people", "aria-label": `New member of ${team.name}`, placeholder: "name" });
    return h("form", { class: "controls", onsubmit: async event => {
      event.preventDefault();
      await attempt(`${name.value} is in ${team.name}`, () => send("PUT", at("teams", team.name, "members", name.value.trim()))) && again();
    } }, name, h("button", {}, "Add"), button("Remove this team", () => remove(team.name)));
  };
  fill(actions, admin ? button("New team", () => newTeam(again)) : null);
  fill(body, nameList("people", people.map(one => one.username)), all.length ? all.map(team => h("section", { class: "team" }, h("h2", {}, team.name),
    h("p", {}, team.members.length ? team.members.map(name => [member(team, name), " "]) : h("span", { class: "soft" }, "Nobody is in it.")), admin ? adding(team) : null))
    : h("p", { class: "empty" }, "No teams. Roles can be given to users too."));
}

function newTeam(again) {
  const name = h("input", { required: true, maxlength: 255 });
  form("New team", "Make", h("label", {}, "Name", name), async box => {
    await post(API + "teams", { name: name.value.trim() });
    box.close();
    await again();
  });
}

async function roles(context) {
  const { body, signal } = context;
  const [{ roles: all }, { users: people }, { teams: groups }] = await Promise.all([get(API + "roles", {}, signal), get(API + "users", {}, signal), get(API + "teams", {}, signal)]);
  const again = () => roles(context);
  const give = (workspace, kind, holder, level) => attempt(`${holder} has ${level} in ${workspace}`, () => send("PUT", at("roles", workspace, kind, holder), { level }));
  const remove = async role => {
    if (!await confirmed(`Take ${role.level} in ${role.workspace} from ${role.holder}? A workspace without roles is open to all who have an account.`, "Take")) return;
    await attempt("Taken", () => send("DELETE", at("roles", role.workspace, role.kind, role.holder))) && again();
  };
  const level = role => h("select", { "aria-label": `Level of ${role.holder} in ${role.workspace}`, onchange: async event => { await give(role.workspace, role.kind, role.holder, event.target.value); again(); } },
    [...LEVELS, "NO_PERMISSIONS"].map(value => h("option", { value, selected: value === role.level }, value)));
  fill(body, h("p", { class: "soft" }, "A workspace is what stands before the first / or . of an experiment's or model's name. Administrators give roles in all, who has MANAGE in one in that one."),
    newRole(people, groups, async (...role) => await give(...role) && again()),
    all.length ? table("Roles", ["Workspace", "Who", "", "Level", ""], all.map(role => [role.workspace, role.holder, role.kind, level(role), button("Take", () => remove(role), { class: "mini", "aria-label": `Take from ${role.holder} in ${role.workspace}` })]))
      : h("p", { class: "empty" }, "No roles: all workspaces are open to all who have an account."));
}

function newRole(people, groups, give) {
  const workspace = h("input", { required: true, placeholder: "vision", spellcheck: "false", autocapitalize: "off" });
  const names = h("datalist", { id: "holders" });
  const holder = h("input", { required: true, list: "holders", spellcheck: "false", autocapitalize: "off" });
  let kind = "user", level = "EDIT";
  const offer = () => fill(names, (kind === "user" ? people.map(one => one.username) : groups.map(one => one.name)).map(value => h("option", { value })));
  offer();
  return h("form", { class: "controls", onsubmit: event => { event.preventDefault(); give(workspace.value.trim(), kind, holder.value.trim(), level); } },
    h("label", { class: "field" }, h("span", {}, "Workspace"), workspace), select("Kind", [["user", "user"], ["team", "team"]], kind, value => { kind = value; offer(); }),
    h("label", { class: "field" }, h("span", {}, "Who"), holder, names), select("Level", LEVELS.map(value => [value, value]), level, value => { level = value; }), h("button", {}, "Give"));
}
