// The machine and the server: what it is, what it does, what would help.
import { get, request } from "./api.js";
import { Chart } from "./chart.js";
import { facts, fill, h, table } from "./dom.js";
import { bytes, duration, number } from "./format.js";
import { head } from "./pages.js";
import { parsed, quantile, sum } from "./prometheus.js";

const EVERY = 2000;
const KEPT = 1800; // Points of the live charts: an hour.

export async function page(main, segments, query, signal) {
  const parts = { findings: h("div", {}), now: h("div", { class: "cards" }), charts: h("div", { class: "charts" }), models: h("div", {}), requests: h("div", {}), facts: h("div", {}) };
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  fill(main, head("System"), problem, parts.now, parts.findings, parts.charts, parts.models, parts.requests, parts.facts);
  const live = new Live(parts, signal);
  const look = async () => {
    try {
      const [doctor, metrics] = await Promise.all([get("/api/jebena/doctor", {}, signal), request("/metrics", { signal }).then(r => r.text())]);
      problem.hidden = true;
      live.update(doctor, parsed(metrics));
    } catch (error) {
      if (error.name === "AbortError") return;
      problem.hidden = false;
      problem.textContent = `The server does not answer: ${error.message}`;
    }
  };
  await look();
  const timer = setInterval(() => document.hidden || look(), EVERY);
  signal.addEventListener("abort", () => clearInterval(timer));
}

class Live {
  constructor(parts, signal) {
    this.parts = parts;
    this.before = null;
    this.charts = ["CPU %", "Memory GB", "Requests per second", "Tokens per second"].map(name => {
      const chart = new Chart({ name, signal });
      return { chart, series: new Map() };
    });
    fill(parts.charts, this.charts.map(({ chart }) => chart.element));
  }

  /** Puts values at the end of a chart's series. */
  push(index, values) {
    const { chart, series } = this.charts[index];
    for (const [name, value] of Object.entries(values)) {
      const one = series.get(name) ?? { x: [], y: [] };
      series.set(name, one);
      one.x.push(Date.now());
      one.y.push(value ?? NaN);
      if (one.x.length > KEPT) { one.x.shift(); one.y.shift(); }
    }
    chart.set([...series].map(([name, { x, y }]) => ({ name, x: Float64Array.from(x), y: Float64Array.from(y) })), { axis: "time" });
  }

  update(doctor, metrics) {
    const { now } = doctor;
    const time = performance.now();
    const counts = { requests: sum(metrics, "jebena_http_requests_total"), prompt: sum(metrics, "jebena_prompt_tokens_total"), answer: sum(metrics, "jebena_answer_tokens_total") };
    this.push(0, { machine: share(now.cpu), server: share(now.process_cpu) });
    this.push(1, { machine: (now.memory - now.memory_free) / 1e9, "Java heap": now.heap / 1e9 });
    if (this.before) {
      const passed = (time - this.before.time) / 1000;
      const rate = name => Math.max(0, counts[name] - this.before.counts[name]) / passed;
      this.push(2, { requests: rate("requests") });
      this.push(3, { prompts: rate("prompt"), answers: rate("answer") });
    }
    this.before = { time, counts };
    this.cards(now, metrics);
    if (!this.known) this.doctor(doctor);
    this.models(metrics);
    this.requests(metrics);
  }

  cards(now, metrics) {
    const card = (name, value) => h("div", { class: "card" }, h("span", { class: "soft" }, name), h("b", {}, value));
    fill(this.parts.now, card("Up for", duration(now.up)), card("CPU", `${number(share(now.cpu)?.toFixed(0))} %`),
      card("Memory", `${bytes(now.memory - now.memory_free)} of ${bytes(now.memory)}`), card("Heap", `${bytes(now.heap)} of ${bytes(now.heap_limit)}`),
      card("Models loaded", number(sum(metrics, "jebena_models_loaded"))), card("Answers running", number(sum(metrics, "jebena_sequences_running"))),
      card("Waiting", number(sum(metrics, "jebena_sequences_waiting"))), card("Requests", number(sum(metrics, "jebena_http_requests_total"))));
  }

  doctor(doctor) {
    this.known = true;
    fill(this.parts.findings, h("h2", {}, "Doctor"), doctor.findings.length ? doctor.findings.map(finding =>
      h("div", { class: `finding ${finding.severity}` }, h("b", {}, finding.severity === "problem" ? "! " : "", finding.what), h("p", {}, finding.why), h("p", {}, "→ ", h("code", {}, finding.remedy))))
      : h("p", { class: "soft" }, "Nothing to mend."));
    fill(this.parts.facts, h("h2", {}, "This machine"), facts(Object.entries(doctor.facts).map(([name, value]) => [name, String(value)])));
  }

  models(metrics) {
    const names = [...new Set([...metrics.values()].flat().map(sample => sample.labels.model).filter(Boolean))];
    const of = (name, model) => sum(metrics, name, { model });
    fill(this.parts.models, names.length ? [h("h2", {}, "Models"), table("Models", ["Model", "Memory", "Prompt tokens", "Cached", "Answer tokens", "First token (median)", "Running", "Waiting", "Cache pages"], names.map(model => [
      model, bytes(of("jebena_models_memory_bytes", model)), number(of("jebena_prompt_tokens_total", model)), number(of("jebena_cached_tokens_total", model)), number(of("jebena_answer_tokens_total", model)),
      seconds(quantile(metrics, "jebena_first_token_seconds", 0.5, { model })), of("jebena_sequences_running", model), of("jebena_sequences_waiting", model),
      `${of("jebena_kv_pages_used", model)} of ${of("jebena_kv_pages", model)}`,
    ]))] : null);
  }

  requests(metrics) {
    const routes = [...new Set((metrics.get("jebena_http_requests_total") ?? []).map(sample => sample.labels.route))];
    const rows = routes.map(route => {
      const all = (metrics.get("jebena_http_requests_total") ?? []).filter(sample => sample.labels.route === route);
      return { route, count: all.reduce((n, one) => n + one.value, 0), failed: all.filter(one => one.labels.status >= "400").reduce((n, one) => n + one.value, 0) };
    }).sort((a, b) => b.count - a.count).slice(0, 40);
    fill(this.parts.requests, h("h2", {}, "Requests"), table("Requests", ["Route", "Requests", "Refused", "Median", "95 %"], rows.map(row => [
      h("code", {}, row.route), number(row.count), row.failed ? h("span", { class: "bad" }, number(row.failed)) : "0",
      seconds(quantile(metrics, "jebena_http_request_seconds", 0.5, { route: row.route })), seconds(quantile(metrics, "jebena_http_request_seconds", 0.95, { route: row.route })),
    ])));
  }
}

const share = load => load === null || load === undefined || load < 0 ? undefined : load * 100;
const seconds = value => Number.isFinite(value) ? duration(value * 1000) : "";
