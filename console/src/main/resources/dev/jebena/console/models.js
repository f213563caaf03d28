// The models of this machine: which run, what is in them, getting and removing them.
import { get, post, request, send } from "./api.js";
import { button, confirmed, facts, fill, h, notice, table } from "./dom.js";
import { ago, bytes, number, time } from "./format.js";
import { go, head, setQuery } from "./pages.js";
import { node, plain } from "./viewer.js";
import { render } from "./markdown.js";
import { write } from "./store.js";

export async function page(main, segments, query, signal) {
  if (segments.length) return details(main, segments.join("/"), signal);
  const list = h("div", {});
  const running = h("div", {});
  const wanted = h("input", { type: "search", placeholder: "part of the name", value: query.get("name") ?? "" });
  let models = [];
  const draw = () => {
    setQuery({ name: wanted.value });
    fill(list, modelTable(models.filter(model => model.name.toLowerCase().includes(wanted.value.toLowerCase()))));
  };
  const look = async () => {
    const loaded = (await get("/api/ps", {}, signal)).models;
    fill(running, h("h2", {}, "In memory"), loaded.length ? table("In memory", ["Model", "Memory", "Context", "Until", ""], loaded.map(model => [
      link(model.name), bytes(model.size), number(model.context_length), until(model.expires_at),
      button("Unload", async () => { try { await post("/api/generate", { model: model.name, keep_alive: 0 }); look(); } catch (e) { notice(e.message, true); } }, { class: "mini" }),
    ])) : h("p", { class: "soft" }, "None: a model is loaded by its first question."));
  };
  wanted.addEventListener("input", draw);
  fill(main, head("Models"), pull(() => load()), running, h("h2", {}, "On this machine"),
    h("div", { class: "controls", role: "search" }, h("label", { class: "field" }, h("span", {}, "Name"), wanted)), list);
  const load = async () => { models = (await get("/api/tags", {}, signal)).models; draw(); };
  await Promise.all([load(), look()]);
  const timer = setInterval(() => document.hidden || look().catch(() => {}), 5000);
  signal.addEventListener("abort", () => clearInterval(timer));
}

const link = name => h("a", { href: "/console/models/" + name.split("/").map(encodeURIComponent).join("/") }, name);

function until(text) {
  const at = Date.parse(text);
  return at - Date.now() > 30 * 365 * 86_400_000 ? "for ever" : time(at).slice(11);
}

function modelTable(models) {
  if (!models.length) return h("p", { class: "empty" }, "None here. Get one above, or with ", h("code", {}, "jebena pull smollm2"));
  return table("Models", ["Name", "Family", "Parameters", "Weights", "Size", "Changed"], models.map(({ name, details: d, size, modified_at }) => [
    link(name), d?.family, d?.parameter_size, d?.quantization_level, bytes(size), h("time", { title: modified_at }, ago(Date.parse(modified_at))),
  ]));
}

/** A field to get a model by its name, with progress. */
function pull(done) {
  const name = h("input", { name: "model", required: true, placeholder: "smollm2", spellcheck: "false", autocapitalize: "off" });
  const bar = h("progress", { max: "1", hidden: true });
  const state = h("span", { class: "soft", role: "status" });
  return h("form", { class: "controls", onsubmit: async event => {
    event.preventDefault();
    bar.hidden = false;
    try {
      await pulled(name.value.trim(), (text, share) => { state.textContent = text; if (share === null) bar.removeAttribute("value"); else bar.value = share; });
      notice(`${name.value} is here`);
      state.textContent = "";
      name.value = "";
      done();
    } catch (error) { state.textContent = error.message; } finally { bar.hidden = true; }
  } }, h("label", { class: "field" }, h("span", {}, "Get a model"), name), h("button", {}, "Pull"), bar, state);
}

async function pulled(model, told) {
  const response = await request("/api/pull", { method: "POST", body: JSON.stringify({ model }), headers: { "Content-Type": "application/json" } });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    rest += value ?? "";
    const lines = rest.split("\n");
    rest = done ? "" : lines.pop();
    for (const line of lines.filter(text => text.trim())) {
      const step = JSON.parse(line);
      if (step.error) throw new Error(step.error);
      told(step.total ? `${step.status}: ${bytes(step.completed ?? 0)} of ${bytes(step.total)}` : step.status, step.total ? (step.completed ?? 0) / step.total : null);
    }
    if (done) return;
  }
}

async function details(main, name, signal) {
  const [model, all] = await Promise.all([post("/api/show", { model: name }, signal), get("/api/tags", {}, signal)]);
  const known = all.models.find(one => one.name === name || one.name === name + ":latest");
  const full = known?.name ?? name;
  const info = model.model_info ?? {};
  const part = suffix => Object.entries(info).find(([key]) => key.endsWith("." + suffix))?.[1];
  const long = (title, text, markdown) => {
    if (!text) return null;
    const body = h("div", { class: "body markdown" });
    if (markdown) render(text, body); else fill(body, plain(text));
    return h("section", {}, h("h2", {}, title), body);
  };
  fill(main, head(full, [["Models", "/console/models"]], [
    button("Chat", () => { write("model", full); location.href = "/"; }, { class: "primary" }),
    known?.digest ? h("a", { class: "button", href: "/console/lineage?id=" + encodeURIComponent("sha256:" + known.digest.replace(/^sha256:/, "")) }, "Lineage") : null,
    button("Remove", async () => {
      if (!await confirmed(`Remove ${full} from this machine?`, "Remove")) return;
      try { await send("DELETE", "/api/delete", { model: full }); notice(`${full} is removed`); go("/console/models"); } catch (e) { notice(e.message, true); }
    }),
  ]), facts([
    ["Family", model.details?.family], ["Architecture", info["general.architecture"]], ["Parameters", model.details?.parameter_size],
    ["Weights", model.details?.quantization_level], ["Format", model.details?.format], ["Size", known ? bytes(known.size) : null],
    ["Context", part("context_length") && number(part("context_length"))], ["Layers", part("block_count")], ["Width", part("embedding_length")],
    ["Heads", part("attention.head_count") ?? part("head_count")], ["Can", (model.capabilities ?? []).join(", ")],
    ["Changed", time(Date.parse(model.modified_at))], ["Digest", known ? h("code", {}, known.digest) : null],
  ]),
  long("Parameters", model.parameters), long("System prompt", model.system), long("Template", model.template),
  h("section", {}, h("h2", {}, "Metadata"), h("div", { class: "json" }, node(null, info, 1))),
  long("Modelfile", model.modelfile), long("Licence", model.license));
}
