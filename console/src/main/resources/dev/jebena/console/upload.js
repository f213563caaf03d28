// Files that are dropped onto a repository become one commit; large ones go their own way first, as git-lfs sends them.
import { button, fill, h, notice } from "./dom.js";
import { bytes } from "./format.js";
import { ask, change } from "./hub.js";
import { hashed } from "./sha256.js";

const SAMPLE = 512; // Bytes by which the hub tells text from other files.

/** A place to drop files on, or to choose them at. */
export function dropZone(repo, revision, folder, done) {
  const chooser = h("input", { type: "file", multiple: true, class: "hidden", tabindex: "-1", "aria-hidden": "true", onchange: () => start([...chooser.files].map(file => ({ file, path: file.name }))) });
  const progress = h("div", { class: "uploads", role: "status" });
  const propose = h("input", { type: "checkbox" });
  const zone = h("section", { class: "drop", "aria-label": "Upload" }, h("p", {}, "Drop files or folders here, or ", button("choose files", () => chooser.click()), "."),
    revision === "main" ? h("label", { class: "check" }, propose, "Propose them: a pull request, which others look at first") : null, chooser, progress);
  const start = async files => {
    if (!files.length || zone.classList.contains("busy")) return;
    zone.classList.add("busy");
    try {
      const made = await upload(repo, revision, files.map(({ file, path }) => ({ file, path: folder ? `${folder}/${path}` : path })), progress, propose.checked);
      notice(`${files.length} ${files.length === 1 ? "file is" : "files are"} ${propose.checked ? "proposed for" : "in"} ${repo.id}`);
      done(made.pullRequestUrl ? made.pullRequestUrl.split("/").at(-1) : null);
    } catch (error) {
      progress.append(h("p", { class: "bad", role: "alert" }, error.message));
    } finally {
      zone.classList.remove("busy");
    }
  };
  zone.addEventListener("dragover", event => { event.preventDefault(); zone.classList.add("over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", async event => {
    event.preventDefault();
    zone.classList.remove("over");
    start(await dropped(event.dataTransfer));
  });
  return zone;
}

/** The files of a drop, those within folders too. */
async function dropped(transfer) {
  const entries = [...transfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files].map(file => ({ file, path: file.name }));
  const found = [];
  const walk = async (entry, above) => {
    if (entry.isFile) found.push({ file: await new Promise((resolve, reject) => entry.file(resolve, reject)), path: above + entry.name });
    else {
      const reader = entry.createReader();
      for (let part = [null]; part.length;) {
        part = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
        for (const inner of part) await walk(inner, above + entry.name + "/");
      }
    }
  };
  for (const entry of entries) await walk(entry, "");
  return found;
}

async function upload(repo, revision, files, place, proposed) {
  const how = proposed ? "?create_pr=1" : "";
  const where = encodeURIComponent(revision);
  const lines = new Map(files.map(({ path, file }) => [path, progressLine(path, file.size)]));
  fill(place, [...lines.values()].map(line => line.element));
  const samples = await Promise.all(files.map(async ({ path, file }) => ({ path, size: file.size, sample: base64(new Uint8Array(await file.slice(0, SAMPLE).arrayBuffer())) })));
  const decided = await change("POST", `${repo.api}/preupload/${where}${how}`, { files: samples });
  const mode = new Map(decided.files.map(file => [file.path, file]));
  const operations = [];
  for (const { path, file } of files) {
    const line = lines.get(path);
    if (mode.get(path)?.shouldIgnore) {
      line.told("left out by .gitignore", 1);
    } else if (mode.get(path)?.uploadMode === "lfs") {
      const oid = await hashed(file, read => line.told("hashing", read / file.size));
      await large(repo, revision, { oid, size: file.size }, file, line);
      operations.push({ key: "lfsFile", value: { path, algo: "sha256", oid, size: file.size } });
    } else {
      operations.push({ key: "file", value: { path, encoding: "base64", content: base64(new Uint8Array(await file.arrayBuffer())) } });
      line.told("read", 1);
    }
  }
  if (!operations.length) throw new Error("All of these files are left out by .gitignore.");
  const summary = files.length === 1 ? `Upload ${files[0].path}` : `Upload ${files.length} files`;
  const body = [{ key: "header", value: { summary, description: "" } }, ...operations].map(line => JSON.stringify(line)).join("\n") + "\n";
  const reply = await ask(`${repo.api}/commit/${where}${how}`, { method: "POST", body, headers: { "Content-Type": "application/x-ndjson" } });
  for (const line of lines.values()) line.told("done", 1);
  return reply.json();
}

/** Sends a large file where the hub wants it, unless it has it already. */
async function large(repo, revision, object, file, line) {
  const reply = await ask(`${repo.files}.git/info/lfs/objects/batch`, {
    method: "POST", headers: { "Content-Type": "application/vnd.git-lfs+json", Accept: "application/vnd.git-lfs+json" },
    body: JSON.stringify({ operation: "upload", transfers: ["basic"], hash_algo: "sha256", ref: { name: revision }, objects: [object] }),
  });
  const [{ actions, error }] = (await reply.json()).objects;
  if (error) throw new Error(`${file.name}: ${error.message}`);
  if (actions?.upload) await sent(actions.upload, file, share => line.told("sending", share));
  if (actions?.verify) {
    await ask(new URL(actions.verify.href, location.href).pathname + new URL(actions.verify.href, location.href).search, {
      method: "POST", headers: { "Content-Type": "application/vnd.git-lfs+json", ...actions.verify.header }, body: JSON.stringify(object),
    });
  }
}

/** `fetch` tells nothing of how far an upload is. */
function sent({ href, header }, file, told) {
  const { pathname, search } = new URL(href, location.href);
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open("PUT", pathname + search);
    for (const [name, value] of Object.entries(header ?? {})) call.setRequestHeader(name, value);
    call.upload.addEventListener("progress", event => told(event.loaded / Math.max(1, file.size)));
    call.addEventListener("load", () => call.status < 300 ? resolve() : reject(new Error(`${file.name}: the server answers ${call.status} ${call.responseText.slice(0, 300)}`)));
    call.addEventListener("error", () => reject(new Error(`${file.name}: the connection broke off`)));
    call.send(file);
  });
}

function progressLine(path, size) {
  const bar = h("progress", { max: "1", value: 0, "aria-label": path });
  const state = h("span", { class: "soft" }, "waiting");
  return {
    element: h("div", { class: "upload" }, h("span", {}, path), h("span", { class: "soft" }, bytes(size)), bar, state),
    told: (text, share) => { state.textContent = text; bar.value = share; },
  };
}

function base64(data) {
  let text = "";
  for (let i = 0; i < data.length; i += 0x8000) text += String.fromCharCode(...data.subarray(i, i + 0x8000));
  return btoa(text);
}
