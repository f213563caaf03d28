// Many charts with one set of controls; each is filled when it comes into view.
import { Chart } from "./chart.js";
import { fill, h, select } from "./dom.js";
import { along } from "./series.js";
import { setQuery } from "./pages.js";

const AXES = [["step", "Step"], ["relative", "Time since start"], ["time", "Clock"]];

export class Board {
  /**
   * @param options `{ query, signal, load }`; `load(key, known)` resolves to `[{ name, data, color, href }]`, and gets what it
   * gave before when the board is refreshed
   */
  constructor({ query, signal, load }) {
    Object.assign(this, { signal, load });
    this.view = {
      axis: query.get("x") ?? "step", smoothing: Number(query.get("smooth") ?? 0) || 0,
      logX: query.get("logx") === "1", logY: query.get("logy") === "1",
    };
    this.wanted = query.get("chart") ?? "";
    this.linked = query.get("link") !== "0";
    this.range = query.get("zoom")?.split("_").map(Number).filter(Number.isFinite);
    if (this.range?.length !== 2) this.range = null;
    this.charts = new Map();
    this.grid = h("div", { class: "charts" });
    this.element = h("div", {}, this.controls(), this.grid);
    this.watch = new IntersectionObserver(entries => this.seen(entries), { rootMargin: "200px" });
    signal.addEventListener("abort", () => this.watch.disconnect());
  }

  controls() {
    const shown = h("output", {}, this.view.smoothing.toFixed(2));
    const check = (label, name, parameter) => h("label", { class: "check" },
      h("input", { type: "checkbox", checked: this.view[name], onchange: e => this.change({ [name]: e.target.checked }, { [parameter]: e.target.checked ? "1" : null }) }), label);
    return h("div", { class: "controls", role: "group", "aria-label": "Charts" },
      h("label", { class: "field" }, h("span", {}, "Find"),
        h("input", { type: "search", value: this.wanted, placeholder: "name", oninput: e => { this.wanted = e.target.value; setQuery({ chart: this.wanted }); this.sift(); } })),
      select("Horizontal", AXES, this.view.axis, axis => { this.range = null; this.change({ axis }, { x: axis === "step" ? null : axis, zoom: null }); }),
      h("label", { class: "field" }, h("span", {}, "Smoothing ", shown),
        h("input", { type: "range", min: "0", max: "0.99", step: "0.01", value: this.view.smoothing, oninput: e => {
          const smoothing = Number(e.target.value);
          shown.textContent = smoothing.toFixed(2);
          this.change({ smoothing }, { smooth: smoothing || null });
        } })),
      check("Log y", "logY", "logy"), check("Log x", "logX", "logx"),
      h("label", { class: "check" }, h("input", { type: "checkbox", checked: this.linked, onchange: e => {
        this.linked = e.target.checked;
        setQuery({ link: this.linked ? null : "0" });
      } }), "Zoom together"));
  }

  /** Charts for these names, in this order. */
  names(keys) {
    for (const key of keys) {
      if (this.charts.has(key)) continue;
      const chart = new Chart({ name: key, signal: this.signal, link: range => this.zoomed(key, range) });
      chart.element.dataset.key = key;
      this.charts.set(key, { chart, state: "new", known: null });
      this.watch.observe(chart.element);
    }
    fill(this.grid, keys.map(key => this.charts.get(key).chart.element), keys.length ? null : h("p", { class: "soft" }, "No metrics yet."));
    this.sift();
  }

  sift() {
    const text = this.wanted.toLowerCase();
    for (const [key, { chart }] of this.charts) chart.element.hidden = !key.toLowerCase().includes(text);
  }

  seen(entries) {
    for (const entry of entries) {
      const one = this.charts.get(entry.target.dataset.key);
      one.visible = entry.isIntersecting;
      if (one.visible && one.state !== "done") this.filled(entry.target.dataset.key);
    }
  }

  async filled(key) {
    const one = this.charts.get(key);
    if (one.state === "busy") return;
    one.state = "busy";
    try {
      const found = await this.load(key, one.known);
      one.state = "done";
      one.chart.heading.textContent = key;
      if (found !== one.known) {
        one.known = found;
        this.drawn(one);
      }
      if (one.again) {
        one.again = false;
        this.filled(key);
      }
    } catch (error) {
      one.state = "new";
      if (error.name !== "AbortError") one.chart.heading.textContent = `${key}: ${error.message}`;
    }
  }

  drawn(one) {
    if (!one.known) return;
    one.chart.range = this.range;
    one.chart.set(one.known.map(series => ({ ...series, ...along(series.data, this.view.axis) })), this.view);
  }

  /** Asks again for what these charts show: now for those in view, later for the others. */
  refresh(keys) {
    for (const key of keys) {
      const one = this.charts.get(key);
      if (one?.state === "done") one.state = "old";
      if (one?.state === "busy") one.again = true;
      if (one?.visible) this.filled(key);
    }
  }

  change(view, parameters) {
    const axis = this.view.axis;
    Object.assign(this.view, view);
    setQuery(parameters);
    for (const one of this.charts.values()) {
      if (this.view.axis !== axis) this.drawn(one); else one.chart.change(this.view);
    }
  }

  zoomed(key, range) {
    if (!this.linked) return;
    this.range = range;
    setQuery({ zoom: range ? range.map(v => Number(v.toPrecision(8))).join("_") : null });
    for (const [other, { chart }] of this.charts) if (other !== key) chart.zoom(range, true);
  }
}
