// The chat page. Talks to the server over its OpenAI protocol; keeps conversations in the browser's local storage.
import { PAGE } from "./api.js";
import { startBar } from "./bar.js";
import { logIn, mustLogIn } from "./login.js";
import { render } from "./markdown.js";
import { read, write } from "./store.js";

const $ = id => document.getElementById(id);
const store = { read, write: (name, value) => write(name, value) || status("The browser's storage is full", true) };

let conversations = store.read("conversations", []);
let current = conversations[0] ?? null;
let settings = store.read("settings", {});
let running = null; // the AbortController of the answer being made
let leaving = false; // the browser ends the page's requests then
const touch = matchMedia("(pointer: coarse)").matches; // focus would open the keyboard there

// ---- server

function headers() {
  const result = { "Content-Type": "application/json", ...PAGE };
  if (settings.key) result.Authorization = "Bearer " + settings.key;
  return result;
}

async function problem(response) {
  const text = await response.text();
  let message = text;
  try { message = JSON.parse(text).error?.message ?? text; } catch { /* not JSON: shown as it is */ }
  if (mustLogIn(response.status)) message = "You are logged out: log in again at /login, what you wrote stays here";
  else if (response.status === 401) {
    message = (settings.key ? "The server refuses the API key" : "This server needs an API key") + ": enter one under Parameters ⚙";
  }
  return new Error(message || `HTTP ${response.status}`);
}

async function loadModels() {
  try {
    const response = await fetch("/v1/models", { headers: headers() });
    if (mustLogIn(response.status)) return await logIn();
    if (!response.ok) throw await problem(response);
    const models = (await response.json()).data.map(model => model.id);
    const wanted = store.read("model", null);
    $("model").replaceChildren(...models.map(id => new Option(id, id, false, id === wanted)));
    status(models.length ? "" : "No model here yet: jebena pull smollm2", !models.length);
  } catch (error) {
    status(error.message, true);
  }
}

/** Streams an answer to `messages`; calls `onText` with each piece, returns the usage and timing. */
async function stream(messages, signal, onText) {
  const body = { model: $("model").value, messages, stream: true, stream_options: { include_usage: true } };
  for (const name of ["temperature", "top_p", "top_k", "min_p", "repeat_penalty", "max_tokens", "seed"]) {
    if (settings[name] !== undefined) body[name] = settings[name];
  }
  const response = await fetch("/v1/chat/completions", { method: "POST", headers: headers(), body: JSON.stringify(body), signal });
  if (!response.ok) throw await problem(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "", usage = null, finish = null;
  for (;;) {
    const { done, value } = await reader.read();
    if (done && !finish) throw new Error("The server ended the answer before it was whole.");
    if (done) return { usage, finish };
    buffer += value;
    const events = buffer.split("\n\n");
    buffer = events.pop();
    for (const event of events) {
      const data = event.split("\n").filter(line => line.startsWith("data:")).map(line => line.slice(5).trim()).join("\n");
      if (!data || data === "[DONE]") continue;
      const chunk = JSON.parse(data);
      if (chunk.error) throw new Error(chunk.error.message);
      usage = chunk.usage ?? usage;
      const choice = chunk.choices?.[0];
      finish = choice?.finish_reason ?? finish;
      if (choice?.delta?.content) onText(choice.delta.content);
    }
  }
}

// ---- conversation

function save() {
  conversations = conversations.filter(c => c.messages.length);
  store.write("conversations", conversations.slice(0, 200));
}

function newConversation() {
  stop();
  current = null;
  document.body.classList.remove("side");
  draw();
  if (!touch) $("input").focus();
}

/** What the model is told: without errors, empty answers, and questions that got neither. */
function spoken(messages) {
  const result = settings.system ? [{ role: "system", content: settings.system }] : [];
  for (const { role, content, error } of messages) {
    if (error || (role === "assistant" && !content)) continue;
    if (role === "user" && result.at(-1)?.role === "user") result.pop();
    result.push({ role, content });
  }
  return result;
}

async function ask(text) {
  if (running || !text.trim()) return;
  if (!current) {
    current = { id: crypto.randomUUID?.() ?? String(Date.now()), title: text.trim().slice(0, 60), messages: [] };
    conversations.unshift(current);
  }
  current.messages.push({ role: "user", content: text });
  await answer();
}

/** Makes the answer to the conversation as it stands. */
async function answer() {
  const conversation = current;
  const messages = spoken(conversation.messages);
  save();
  const reply = { role: "assistant", content: "" };
  conversation.messages.push(reply);
  running = new AbortController();
  draw();
  const element = $("messages").lastElementChild;
  const body = element.querySelector(".body");
  const rate = element.querySelector(".rate");
  let firstAt = 0, lastAt = 0, pieces = 0, timer = 0;
  const show = () => {
    timer = 0;
    const follow = atBottom();
    render(reply.content, body);
    rate.textContent = perSecond(pieces - 1, lastAt - firstAt);
    if (follow) toBottom();
  };
  try {
    const { usage, finish } = await stream(messages, running.signal, piece => {
      lastAt = performance.now();
      firstAt ||= lastAt;
      pieces++;
      reply.content += piece;
      timer ||= setTimeout(show, pieces > 1 ? 40 : 0); // pieces that come together are drawn together
    });
    const tokens = usage?.completion_tokens ?? pieces;
    reply.rate = [`${tokens} token${tokens === 1 ? "" : "s"}`, perSecond(tokens - 1, lastAt - firstAt),
      finish === "length" ? "cut at the token limit" : ""].filter(part => part).join(" · ");
  } catch (error) {
    if (error.name === "AbortError" || leaving) {
      reply.rate = "stopped";
    } else {
      if (!reply.content) conversation.messages.pop();
      conversation.messages.push({ role: "assistant", content: error.message, error: true });
    }
  } finally {
    clearTimeout(timer);
    running = null;
    save();
    const follow = atBottom(), top = $("messages").scrollTop;
    draw();
    if (current === conversation && !follow) $("messages").scrollTop = top;
    if (!touch && /^(BODY|BUTTON)$/.test(document.activeElement.tagName)) $("input").focus();
  }
}

function perSecond(count, milliseconds) {
  if (count < 1 || milliseconds <= 0) return "";
  const rate = 1000 * count / milliseconds;
  return `${rate.toFixed(rate < 100 ? 1 : 0)} tokens/s`;
}

function stop() {
  running?.abort();
}

/** Cuts the conversation before message `index` and answers anew; with `text`, that question is replaced by it. */
function retry(index, text) {
  if (running) return;
  current.messages.length = index;
  while (text === undefined && current.messages.at(-1)?.role === "assistant") current.messages.pop();
  if (text !== undefined) ask(text);
  else answer();
}

// ---- drawing

function button(label, action, title = label) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = label;
  element.title = title;
  element.addEventListener("click", action);
  return element;
}

function draw() {
  const list = $("messages");
  const messages = current?.messages ?? [];
  list.replaceChildren(...messages.map(messageElement));
  if (!messages.length) {
    const empty = document.createElement("p");
    empty.className = "empty";
    empty.textContent = "What would you like to know?";
    list.append(empty);
  }
  $("send").hidden = !!running;
  $("stop").hidden = !running;
  list.setAttribute("aria-busy", String(!!running));
  $("conversations").replaceChildren(...conversations.map(conversationElement));
  document.title = current ? `${current.title} · Jebena` : "Jebena";
  toBottom();
}

function messageElement(message, index) {
  const element = document.createElement("article");
  element.className = `message ${message.role}${message.error ? " error" : ""}`;
  const body = document.createElement("div");
  body.className = "body";
  const waiting = running && message.role === "assistant" && index === current.messages.length - 1;
  if (waiting) body.classList.add("waiting");
  if (message.role === "user" || message.error) body.textContent = message.content;
  else render(message.content, body);
  const tools = document.createElement("div");
  tools.className = "tools";
  const rate = document.createElement("span");
  rate.className = "rate";
  rate.textContent = message.rate ?? "";
  if (!running) {
    if (message.role === "user") tools.append(button("Edit", () => edit(element, index)));
    else tools.append(button("Retry", () => retry(index)));
    tools.append(button("Copy", () => navigator.clipboard?.writeText(message.content)));
  }
  tools.append(rate);
  element.append(body, tools);
  return element;
}

function edit(element, index) {
  const field = document.createElement("textarea");
  field.value = current.messages[index].content;
  field.rows = Math.min(12, field.value.split("\n").length + 1);
  field.setAttribute("aria-label", "Edit the question");
  const tools = document.createElement("div");
  tools.className = "tools";
  const send = () => field.value.trim() && retry(index, field.value);
  tools.append(button("Send", send), button("Cancel", draw));
  field.addEventListener("keydown", event => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
    if (event.key === "Escape") draw();
  });
  element.replaceChildren(field, tools);
  field.focus();
}

function conversationElement(conversation) {
  const element = document.createElement("div");
  element.className = "conversation";
  element.setAttribute("aria-current", String(conversation === current));
  const open = button(conversation.title, () => {
    stop();
    current = conversation;
    document.body.classList.remove("side");
    draw();
  });
  open.className = "open";
  const remove = button("✕", () => {
    if (current === conversation) { stop(); current = null; }
    conversations = conversations.filter(c => c !== conversation);
    save();
    draw();
  }, "Delete");
  remove.className = "remove";
  remove.setAttribute("aria-label", `Delete ${conversation.title}`);
  element.append(open, remove);
  return element;
}

function atBottom() {
  const list = $("messages");
  return list.scrollHeight - list.scrollTop - list.clientHeight < 60;
}

function toBottom() {
  $("messages").scrollTop = $("messages").scrollHeight;
}

function status(text, bad = false) {
  $("status").textContent = text;
  $("status").classList.toggle("bad", bad);
}

function grow() {
  const input = $("input");
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight + 2}px`;
}

/** Opens a dialog, unless one is open already. */
function open(dialog) {
  if (!document.querySelector("dialog[open]")) dialog.showModal();
}

// ---- parameters

const fields = [...document.querySelectorAll("[data-name]")];

function showSettings() {
  if (document.querySelector("dialog[open]")) return;
  for (const field of fields) field.value = settings[field.dataset.name] ?? "";
  open($("parameters"));
}

function readSettings() {
  settings = {};
  for (const field of fields) {
    if (field.value === "" || !field.validity.valid) continue;
    settings[field.dataset.name] = field.type === "number" ? Number(field.value) : field.value;
  }
  store.write("settings", settings);
}

// ---- events

$("composer").addEventListener("submit", async event => {
  event.preventDefault();
  if (running || !$("input").value.trim()) return;
  if (!$("model").value) await loadModels();
  const text = $("input").value;
  if (running || !text.trim() || !$("model").value) return;
  $("input").value = "";
  grow();
  ask(text);
});
$("input").addEventListener("input", grow);
$("input").addEventListener("keydown", event => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("composer").requestSubmit();
  } else if (event.key === "ArrowUp" && !$("input").value && current && !running) {
    const users = document.querySelectorAll(".message.user");
    const last = users[users.length - 1];
    if (last) { event.preventDefault(); edit(last, [...$("messages").children].indexOf(last)); }
  }
});
document.addEventListener("keydown", event => {
  const typing = /^(TEXTAREA|INPUT|SELECT)$/.test(event.target.tagName);
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
    document.body.classList.remove("side");
    stop();
  }
  if (event.ctrlKey && event.shiftKey && event.key.toLowerCase() === "o") { event.preventDefault(); newConversation(); }
  else if (event.ctrlKey && event.key === ",") { event.preventDefault(); showSettings(); }
  else if (event.key === "?" && !typing) open($("shortcuts"));
});
$("stop").addEventListener("click", stop);
$("new").addEventListener("click", newConversation);
$("settings").addEventListener("click", showSettings);
$("keys").addEventListener("click", () => open($("shortcuts")));
$("parameters").addEventListener("close", () => { readSettings(); loadModels(); });
$("reset").addEventListener("click", () => { for (const field of fields) field.value = ""; });
$("model").addEventListener("change", () => store.write("model", $("model").value));
$("menu").addEventListener("click", () => document.body.classList.toggle("side"));
$("shade").addEventListener("click", () => document.body.classList.remove("side"));
addEventListener("pagehide", () => { leaving = true; stop(); save(); });
addEventListener("pageshow", () => { leaving = false; });

startBar();
draw();
loadModels();
