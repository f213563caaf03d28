// The files of a run or a version, and what is in them.
import { mlflow, query as fields, request } from "./api.js";
import { save } from "./chart.js";
import { button, fill, h } from "./dom.js";
import { bytes } from "./format.js";
import { setQuery } from "./pages.js";
import { shownFile } from "./viewer.js";

const LARGEST = 50_000_000; // Bytes that are loaded to be shown.

export class Artifacts {
  /** @param of `{ run }`, or `{ run, root }` for a folder of it */
  constructor(query, signal, of) {
    Object.assign(this, { signal, of });
    this.tree = h("div", { class: "tree", role: "tree", "aria-label": "Files" });
    this.view = h("div", { class: "fileview", tabindex: "-1" }, h("p", { class: "soft" }, "Choose a file."));
    this.element = h("div", { class: "files" }, this.tree, this.view);
    this.wanted = query.get("file") ?? "";
    this.tree.addEventListener("keydown", event => this.key(event));
    this.fillFolder(this.tree, of.root ?? "", 1);
  }

  address(path) {
    return "/get-artifact?" + fields({ run_id: this.of.run, path });
  }

  async fillFolder(place, path, level) {
    try {
      const { files } = await mlflow.get("artifacts/list", { run_id: this.of.run, path }, this.signal);
      const sorted = (files ?? []).sort((a, b) => Boolean(b.is_dir) - Boolean(a.is_dir) || a.path.localeCompare(b.path, "en", { numeric: true }));
      fill(place, sorted.map(file => this.item(file, level)), sorted.length ? null : h("p", { class: "soft" }, "No files."));
      if (level === 1) place.querySelector("[role=treeitem]")?.setAttribute("tabindex", "0");
      for (const file of sorted) {
        if (file.is_dir ? this.wanted.startsWith(file.path + "/") : this.wanted === file.path) place.querySelector(`[data-path="${CSS.escape(file.path)}"]`).click();
      }
    } catch (error) {
      if (error.name !== "AbortError") fill(place, h("p", { class: "bad" }, error.message));
    }
  }

  item(file, level) {
    const name = file.path.split("/").at(-1);
    const inner = file.is_dir ? h("div", { role: "group", hidden: true }) : null;
    const line = h("div", {
      role: "treeitem", tabindex: "-1", "aria-level": String(level), "aria-expanded": file.is_dir ? "false" : null, "data-path": file.path,
      onclick: () => file.is_dir ? this.toggle(line, inner, file.path, level) : this.open(line, file),
    }, h("span", { "aria-hidden": "true" }, file.is_dir ? "▸ " : "  "), h("span", { class: "filename" }, name), file.is_dir ? null : h("span", { class: "soft" }, bytes(file.file_size)));
    return [line, inner];
  }

  toggle(line, inner, path, level) {
    const open = line.getAttribute("aria-expanded") !== "true";
    line.setAttribute("aria-expanded", String(open));
    line.firstChild.textContent = open ? "▾ " : "▸ ";
    inner.hidden = !open;
    if (open && !inner.childElementCount) this.fillFolder(inner, path, level + 1);
  }

  async open(line, file) {
    for (const one of this.tree.querySelectorAll("[aria-selected]")) one.removeAttribute("aria-selected");
    line.setAttribute("aria-selected", "true");
    setQuery({ file: file.path });
    const name = file.path.split("/").at(-1);
    const size = Number(file.file_size ?? 0);
    const load = async () => (await request(this.address(file.path), { signal: this.signal })).blob();
    const bar = h("div", { class: "filehead" }, h("h3", {}, file.path), h("span", { class: "soft" }, bytes(size)),
      button("Save", async () => save(await load(), name)));
    const place = h("div", {}, h("p", { class: "soft" }, "…"));
    fill(this.view, bar, place);
    if (size > LARGEST) {
      fill(place, h("p", {}, `Files of more than ${bytes(LARGEST)} are not shown here; save it to look at it.`));
      return;
    }
    try {
      fill(place, await shownFile(name, await load(), this.signal));
    } catch (error) {
      if (error.name !== "AbortError") fill(place, h("p", { class: "bad", role: "alert" }, error.message));
    }
  }

  /** A tree's keys: up and down, right opens, left closes. */
  key(event) {
    const lines = [...this.tree.querySelectorAll("[role=treeitem]")].filter(line => line.offsetParent);
    const at = lines.indexOf(document.activeElement);
    const line = lines[at];
    if (!line) return;
    const open = line.getAttribute("aria-expanded");
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: lines.length - 1 }[event.key];
    if (to !== undefined) {
      const next = lines[Math.max(0, Math.min(lines.length - 1, to))];
      line.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    } else if (event.key === "Enter" || event.key === " ") line.click();
    else if ((event.key === "ArrowRight" && open === "false") || (event.key === "ArrowLeft" && open === "true")) line.click();
    else return;
    event.preventDefault();
  }
}
