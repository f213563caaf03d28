// Parallel coordinates: a line for each run through its values; ranges on axes choose runs.
import { h, fill } from "./dom.js";
import { number } from "./format.js";
import { css, extent, heat, Scale, surface } from "./scale.js";

const TOP = 46, BOTTOM = 18, SIDE = 60;

export class Parallel {
  /** @param told gets the runs within all ranges */
  constructor(signal, told) {
    this.told = told;
    this.ranges = new Map();
    this.runs = [];
    this.canvas = h("canvas", { role: "img", "aria-label": "Parallel coordinates of the runs; ranges can be given below" });
    this.frame = h("div", { class: "frame tall" }, this.canvas);
    this.fields = h("div", { class: "ranges" });
    this.element = h("div", {}, h("p", { class: "soft" }, "Drag along an axis to keep the runs in a range; click the axis to keep all."), this.frame, this.fields);
    this.redraw = surface(this.frame, this.canvas, (context, w, height) => this.draw(context, w, height), signal);
    this.listen();
  }

  set(runs, choice) {
    this.runs = runs;
    this.axes = (choice?.axes ?? []).map(column => axis(column, runs));
    this.color = choice?.color ? axis(choice.color, runs) : null;
    for (const id of this.ranges.keys()) if (!this.axes.some(a => a.column.id === id)) this.ranges.delete(id);
    this.controls();
    this.changed();
  }

  changed() {
    this.inside = this.runs.map((_, i) => this.axes.every(a => {
      const range = this.ranges.get(a.column.id);
      return !range || (a.places[i] >= range[0] && a.places[i] <= range[1]);
    }));
    this.redraw();
    this.told(this.ranges.size ? this.runs.filter((_, i) => this.inside[i]) : []);
  }

  /** Fields for the ranges, for those who cannot drag. */
  controls() {
    fill(this.fields, this.axes.filter(a => !a.names).map(a => {
      const field = (label, index) => h("input", {
        type: "number", step: "any", "aria-label": `${a.column.title} ${label}`, placeholder: label,
        onchange: event => {
          const range = [...(this.ranges.get(a.column.id) ?? [-Infinity, Infinity])];
          range[index] = event.target.value === "" ? (index ? Infinity : -Infinity) : Number(event.target.value);
          if (range[0] === -Infinity && range[1] === Infinity) this.ranges.delete(a.column.id); else this.ranges.set(a.column.id, range);
          this.changed();
        },
      });
      return h("span", { class: "range" }, a.column.title, field("from", 0), field("to", 1));
    }));
  }

  left(i, width) {
    return this.axes.length < 2 ? width / 2 : SIDE + i * (width - 2 * SIDE) / (this.axes.length - 1);
  }

  draw(context, width, height) {
    this.scales = this.axes.map(a => new Scale(a.low, a.high, height - BOTTOM, TOP, a.log));
    const order = [...this.runs.keys()].sort((a, b) => this.inside[a] - this.inside[b]);
    context.lineWidth = this.runs.length > 500 ? 0.8 : 1.4;
    for (const run of order) this.line(context, run, width, height);
    context.globalAlpha = 1;
    this.axes.forEach((a, i) => this.axis(context, a, this.scales[i], this.left(i, width)));
  }

  line(context, run, width, height) {
    context.globalAlpha = this.inside[run] ? Math.max(0.25, Math.min(0.9, 60 / this.runs.length)) : 0.05;
    const c = this.color;
    const share = c ? new Scale(c.low, c.high, 0, 1, c.log).at(c.places[run]) : 0.5;
    context.strokeStyle = Number.isFinite(share) ? heat(share) : css("--soft");
    context.beginPath();
    this.axes.forEach((a, i) => {
      const v = a.places[run], x = this.left(i, width);
      const y = Number.isFinite(v) ? this.scales[i].at(v) : height - 4;
      if (i) context.lineTo(x, y); else context.moveTo(x, y);
    });
    context.stroke();
  }

  axis(context, a, scale, x) {
    context.strokeStyle = context.fillStyle = css("--text");
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x, scale.start);
    context.lineTo(x, scale.end);
    context.stroke();
    context.textAlign = "center";
    context.textBaseline = "bottom";
    const space = Math.max(8, Math.floor(130 / Math.max(1, this.axes.length / 6) / 7));
    context.fillText(clipped(a.column.title, space), x, TOP - 16);
    context.fillStyle = css("--soft");
    context.textAlign = "left";
    context.textBaseline = "middle";
    const ticks = a.names ? a.names.map((_, i) => i) : scale.ticks(6);
    const every = Math.ceil(ticks.length / 14);
    ticks.forEach((tick, i) => i % every || context.fillText(a.names ? clipped(a.names[tick], 14) : number(tick), x + 5, scale.at(tick)));
    const range = this.ranges.get(a.column.id);
    if (range) {
      context.fillStyle = css("--accent");
      context.globalAlpha = 0.3;
      const from = scale.at(Math.max(range[0], a.low)), to = scale.at(Math.min(range[1], a.high));
      context.fillRect(x - 7, Math.min(from, to), 14, Math.max(2, Math.abs(from - to)));
      context.globalAlpha = 1;
    }
  }

  listen() {
    let started = null;
    const at = event => {
      const box = this.canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    this.canvas.addEventListener("pointerdown", event => {
      const [x, y] = at(event), width = this.frame.clientWidth;
      const i = this.axes.findIndex((_, index) => Math.abs(this.left(index, width) - x) < 16);
      if (i >= 0) { started = { i, y }; this.canvas.setPointerCapture(event.pointerId); }
    });
    this.canvas.addEventListener("pointermove", event => {
      if (started) this.brush(started.i, started.y, at(event)[1]);
    });
    this.canvas.addEventListener("pointerup", () => { started = null; });
    this.canvas.addEventListener("pointercancel", () => { started = null; });
  }

  brush(i, from, to) {
    const scale = this.scales[i], id = this.axes[i].column.id;
    if (Math.abs(from - to) < 4) this.ranges.delete(id);
    else {
      const ends = [scale.of(from), scale.of(to)].sort((a, b) => a - b);
      this.ranges.set(id, ends);
    }
    this.changed();
  }
}

const clipped = (text, most) => text.length > most ? text.slice(0, most - 1) + "…" : text;

/** An axis of numbers, logarithmic where they span two powers of ten, or of texts in their order. */
export function axis(column, runs) {
  const numbers = runs.map(run => column.number(run));
  const known = runs.filter(run => ![undefined, null, ""].includes(column.value(run))).length;
  const range = extent(numbers);
  if (range && numbers.filter(Number.isFinite).length === known) {
    const log = range[0] > 0 && range[1] / range[0] >= 100;
    return { column, places: numbers, low: range[0], high: range[1], log, names: null };
  }
  const names = [...new Set(runs.map(run => String(column.value(run) ?? "")))].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return { column, names, places: runs.map(run => names.indexOf(String(column.value(run) ?? ""))), low: 0, high: Math.max(1, names.length - 1), log: false };
}
