// One file of a repository: metadata of model files, tables with histograms, text, pictures.
import { button, fill, h, notice } from "./dom.js";
import { bytes } from "./format.js";
import { ask } from "./hub.js";
import { modelFile } from "./modelfile.js";
import { save } from "./chart.js";
import { address, crumbs } from "./repo.js";
import { columnsOf, dataView } from "./dataview.js";
import { shownFile } from "./viewer.js";

const LARGEST = 20_000_000; // Bytes of a file that are shown as text or picture.
const SAMPLE = 4_000_000; // Bytes of a table that are looked at.

export async function showFile({ repo, revision, path, signal, body }) {
  const name = path.split("/").at(-1);
  const reply = await ask(`${repo.api}/paths-info/${encodeURIComponent(revision)}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ paths: [path], expand: true }), signal,
  });
  const [file] = await reply.json();
  if (!file) throw new Error(`There is no ${path} at ${revision}.`);
  const place = h("div", {}, h("p", { class: "soft" }, "…"));
  const scan = file.securityFileStatus;
  const whole = async () => (await ask(repo.file(revision, path), { signal })).blob();
  fill(body, crumbs(repo, revision, path, true), h("div", { class: "filehead" }, h("h2", {}, name), h("span", { class: "soft" }, bytes(file.size)),
    file.lfs ? h("code", { title: "SHA-256" }, "sha256:" + file.lfs.oid.slice(0, 16) + "…") : h("code", { title: "git's id" }, file.oid.slice(0, 10)),
    button("Save", async () => { try { save(await whole(), name); } catch (error) { notice(error.message, true); } }),
    h("a", { class: "button", href: address(repo, "history", revision, "&path=" + encodeURIComponent(path)) }, "History")),
  scan && scan.status !== "safe" ? h("p", { class: "problem" }, `The checks say ${scan.status}. `, h("a", { href: address(repo, "checks", revision) }, "Why")) : null, place);
  const kind = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  const read = (from, to) => repo.bytes(revision, path, from, Math.min(to, file.size), signal);
  if (kind === "gguf" || kind === "safetensors") fill(place, await modelFile(kind, read, file.size));
  else if (["csv", "tsv", "jsonl", "ndjson"].includes(kind)) {
    const text = new TextDecoder().decode(await read(0, SAMPLE));
    fill(place, dataView(columnsOf(kind, text, file.size <= SAMPLE), file.size > SAMPLE ? `The first ${bytes(SAMPLE)} of ${bytes(file.size)}` : ""));
  } else if (file.size > LARGEST) fill(place, h("p", { class: "soft" }, `Files of more than ${bytes(LARGEST)} of this kind are not shown; save it to look at it.`));
  else fill(place, await shownFile(name, file.size ? await whole() : new Blob([]), signal));
}
