// What the pages keep in this browser: the key, and what else can be forgotten.
import { get } from "./api.js";
import { button, facts, fill, h, notice } from "./dom.js";
import { head } from "./pages.js";
import { tokens } from "./tokens.js";
import { read, write } from "./store.js";

export async function page(main, segments, query, signal) {
  const key = h("input", { type: "password", autocomplete: "off", value: read("settings", {}).key ?? "" });
  const version = await get("/version", {}, signal).catch(() => ({}));
  fill(main, head("Settings"), h("form", { class: "controls", onsubmit: event => {
    event.preventDefault();
    const settings = read("settings", {});
    if (key.value) settings.key = key.value; else delete settings.key;
    notice(write("settings", settings) ? "Kept in this browser" : "This browser keeps nothing", false);
  } }, h("label", { class: "field grow" }, h("span", {}, "API key"), key), h("button", {}, "Keep")),
  h("p", { class: "soft" }, "The key that the server was started with (--api-key), or a token. It stays in this browser and is sent to this server only."),
  tokens(signal), h("h2", {}, "This browser"), button("Forget everything", () => {
    for (const name of Object.keys(localStorage)) if (name.startsWith("jebena.")) localStorage.removeItem(name);
    key.value = "";
    notice("Conversations, key and settings of this browser are gone");
  }), h("h2", {}, "About"), facts([["Jebena", version.version], ["This server", location.origin], ["API", h("a", { href: "/docs" }, "documentation")]]));
}
