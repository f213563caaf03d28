// The server's HTTP interface, with the key of who looks at the pages.
import { logIn, mustLogIn } from "./login.js";
import { read } from "./store.js";

/** What the server refused, in its words. */
export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** What tells the server that a page asks: to a refusal it adds no challenge then, at which the browser would ask for a password itself. */
export const PAGE = { "X-Requested-With": "XMLHttpRequest" };

export function headers(more = {}) {
  const key = read("settings", {}).key;
  return { ...PAGE, ...(key ? { Authorization: "Bearer " + key } : {}), ...more };
}

export async function refusal(response) {
  const text = await response.text();
  let message = text;
  try {
    const body = JSON.parse(text);
    message = body.error?.message ?? body.message ?? (typeof body.error === "string" ? body.error : text);
  } catch { /* Not JSON: shown as it is. */ }
  if (response.status === 401) {
    message = (read("settings", {}).key ? "The server refuses the API key" : "This server needs an API key") + ": see Settings ⚙. " + message;
  }
  return new Refusal(response.status, message || `HTTP ${response.status}`);
}

/** A reply that is not an error. Headers of `options` come in place of the key. */
export async function request(address, options = {}) {
  const response = await fetch(address, { ...options, headers: options.own ? options.headers : headers(options.headers) });
  if (!options.own && mustLogIn(response.status)) return logIn();
  if (!response.ok) throw await refusal(response);
  return response;
}

export function query(fields) {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== "") text.append(name, one);
    }
  }
  return String(text);
}

export async function get(address, fields = {}, signal) {
  const text = query(fields);
  return (await request(address + (text ? "?" + text : ""), { signal })).json();
}

export async function send(method, address, body, signal) {
  const response = await request(address, {
    method, signal, body: JSON.stringify(body), headers: { "Content-Type": "application/json" },
  });
  const text = await response.text();
  return text ? JSON.parse(text) : {};
}

export const post = (address, body, signal) => send("POST", address, body, signal);

const MLFLOW = "/api/2.0/mlflow/";

/** Calls of the tracking server. */
export const mlflow = {
  get: (path, fields, signal) => get(MLFLOW + path, fields, signal),
  post: (path, body, signal) => post(MLFLOW + path, body, signal),
  send: (method, path, body) => send(method, MLFLOW + path, body),
};

/** The token of the page of results that begins at `offset`. */
export const pageToken = offset => offset > 0 ? btoa(JSON.stringify({ offset })) : undefined;

/** Runs `work` for all items, at most `most` at the same time. */
export async function each(items, most, work) {
  const queue = [...items];
  await Promise.all(Array.from({ length: most }, async () => {
    while (queue.length) await work(queue.shift());
  }));
}
