// The bar above all pages: where one is, light or dark, and the search.
import { accounts } from "./login.js";
import { write } from "./store.js";

export function startBar() {
  markCurrent();
  if (accounts) showWho();
  document.getElementById("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    write("theme", root.dataset.theme);
    dispatchEvent(new Event("themechange"));
  });
  document.getElementById("find").addEventListener("click", search);
  document.addEventListener("keydown", event => {
    const typing = /^(TEXTAREA|INPUT|SELECT)$/.test(event.target.tagName);
    const wanted = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    if (wanted || (event.key === "/" && !typing && !event.ctrlKey && !event.altKey)) {
      event.preventDefault();
      search();
    }
  });
}

/** Who is logged in leads to the own account. */
async function showWho() {
  const { get } = await import("./api.js");
  const { user } = await get("/api/accounts/ways").catch(() => ({}));
  if (!user) return;
  const link = document.getElementById("who");
  link.title = "Your account";
  link.querySelector("b").textContent = user.username.slice(0, 1).toUpperCase();
  link.querySelector("span").textContent = user.username;
  link.hidden = false;
}

/** Marks the link of the page that is shown. */
export function markCurrent() {
  const page = location.pathname.split("/")[2] ?? "";
  const section = { runs: "experiments", compare: "experiments" }[page] ?? page;
  for (const link of document.querySelectorAll("#bar nav a")) {
    const here = (new URL(link.href).pathname.split("/")[2] ?? "") === section;
    if (here) {
      link.setAttribute("aria-current", "page");
      link.scrollIntoView({ block: "nearest", inline: "center" });
    } else link.removeAttribute("aria-current");
  }
}

async function search() {
  if (document.querySelector("dialog[open]")) return;
  const { openPalette } = await import("./palette.js");
  openPalette();
}
