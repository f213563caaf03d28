// Where the server has accounts, whoever is not logged in goes to the login and comes back.
import { read } from "./store.js";

/** Whether people log in here; the page itself says so. */
export const accounts = "accounts" in document.documentElement.dataset;

/** Whether status 401 means that one has to log in: a key that was entered here is mended under Settings. */
export const mustLogIn = status => status === 401 && accounts && !read("settings", {}).key;

/** To the login and back. What it returns never comes: the browser leaves this page. */
export function logIn() {
  location.assign("/login?next=" + encodeURIComponent(location.pathname + location.search));
  return new Promise(() => {});
}
