// Tokens of the hub: the one that these pages send, and those of the account.
import { button, confirmed, fill, form, h, notice, table } from "./dom.js";
import { time } from "./format.js";
import { change, json } from "./hub.js";
import { accounts } from "./login.js";
import { read, write } from "./store.js";

/** A part of the settings. */
export function tokens(signal) {
  const token = h("input", { type: "password", autocomplete: "off", value: read("settings", {}).hubToken ?? "" });
  const account = h("div", {});
  const show = () => shown(account, signal).catch(error => error.name === "AbortError" || fill(account, h("p", { class: "soft" }, error.status === 404 ? "This server has no hub." : error.message)));
  const keep = event => {
    event.preventDefault();
    const settings = read("settings", {});
    if (token.value.trim()) settings.hubToken = token.value.trim(); else delete settings.hubToken;
    notice(write("settings", settings) ? "Kept in this browser" : "This browser keeps nothing");
    show();
  };
  show();
  return h("section", {}, h("h2", {}, "Hub"), h("form", { class: "controls", onsubmit: keep }, h("label", { class: "field grow" }, h("span", {}, "Hub token"), token), h("button", {}, "Keep")),
    accounts ? h("p", { class: "soft" }, "Not needed: whoever is logged in is a user of the hub, and ", h("a", { href: "/console/account" }, "API tokens"), " are the hub's too.")
      : h("p", { class: "soft" }, "The owner's token lies on the server in ", h("code", {}, "JEBENA_HOME/repositories/token"), "."), account);
}

async function shown(place, signal) {
  if (!read("settings", {}).hubToken) {
    if (!accounts) fill(place, h("p", { class: "soft" }, "Without a token the hub shows what is public and takes nothing."));
    return;
  }
  const [me, list] = await Promise.all([json("/api/whoami-v2", {}, signal), json("/api/settings/tokens", {}, signal)]);
  const again = () => shown(place, signal).catch(error => notice(error.message, true));
  fill(place, h("p", {}, "You are ", h("b", {}, me.name), me.orgs?.length ? `, in ${me.orgs.map(one => `${one.name} (${one.roleInOrg})`).join(", ")}` : "", `; this token is for ${me.auth?.accessToken?.role}.`),
    table("Tokens", ["Name", "May", "Made", ""], list.map(one => [one.displayName, one.role, time(Date.parse(one.createdAt)), button("End", async () => {
      if (!await confirmed(`End the token ${one.displayName}? Programs that use it lose their access.`, "End")) return;
      try { await change("DELETE", "/api/settings/tokens/" + encodeURIComponent(one.id)); notice("The token is ended"); again(); } catch (error) { notice(error.message, true); }
    }, { class: "mini", "aria-label": `End ${one.displayName}` })])), h("p", {}, button("New token", () => made(again))));
}

function made(again) {
  const name = h("input", { required: true });
  const role = h("select", {}, ["read", "write", "admin"].map(value => h("option", { value }, value)));
  form("New token", "Make", [h("label", {}, "Name", name), h("label", { class: "field" }, h("span", {}, "May"), role)], async box => {
    const { token } = await change("POST", "/api/settings/tokens", { displayName: name.value.trim(), role: role.value });
    box.close();
    again();
    shownOnce(token);
  });
}

/** A dialog with a secret that cannot be seen again. */
export function shownOnce(token) {
  const secret = h("input", { value: token, readonly: true, "aria-label": "The new token" });
  form("The new token", "Done", [h("p", {}, "It is shown this once: keep it where your program finds it."), secret], box => box.close());
  secret.select();
}
