// The hub's interface, as Hugging Face's clients use it: with the hub's own token, or as who is logged in.
import { get, PAGE, query, request } from "./api.js";
import { accounts, logIn } from "./login.js";
import { read } from "./store.js";

export const KINDS = { models: "Models", datasets: "Data sets", spaces: "Spaces" };

function headers(more) {
  const token = read("settings", {}).hubToken;
  return { ...PAGE, ...(token ? { Authorization: "Bearer " + token } : {}), ...more };
}

/** A reply of the hub that is not an error. */
export async function ask(address, options = {}) {
  try {
    return await request(address, { ...options, own: true, headers: headers(options.headers) });
  } catch (error) {
    if (error.status === 401 && accounts && !read("settings", {}).hubToken) {
      if (!(await get("/api/accounts/ways")).user) return logIn();
    } else if (error.status === 401) error.message = "The hub wants a token: enter one under Settings ⚙. " + error.message.replace(/^.*Settings ⚙\. /, "");
    throw error;
  }
}

export async function json(address, fields = {}, signal) {
  const text = query(fields);
  return (await ask(address + (text ? "?" + text : ""), { signal })).json();
}

export async function change(method, address, body) {
  const text = await (await ask(address, { method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" } })).text();
  return text ? JSON.parse(text) : {};
}

/** One repository. */
export class Repo {
  constructor(kind, namespace, name) {
    Object.assign(this, { kind, namespace, name, id: `${namespace}/${name}` });
    this.part = `${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
    this.api = `/api/${kind}/${this.part}`;
    this.files = kind === "models" ? "/" + this.part : `/${kind}/${this.part}`;
    this.page = `/console/repos/${kind}/${this.part}`;
  }

  /** Where a file's bytes are. */
  file(revision, path) {
    return `${this.files}/resolve/${encodeURIComponent(revision)}/${path.split("/").map(encodeURIComponent).join("/")}`;
  }

  /** Bytes `from` up to before `to` of a file; fewer at its end. */
  async bytes(revision, path, from, to, signal) {
    const reply = await ask(this.file(revision, path), { signal, headers: { Range: `bytes=${from}-${to - 1}` } });
    return new Uint8Array(await reply.arrayBuffer());
  }
}

/** The cursor of the next page in a `Link` header. */
export function cursor(response, name = "cursor") {
  const next = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get("Link") ?? "");
  return next ? new URL(next[1], location.href).searchParams.get(name) : null;
}
