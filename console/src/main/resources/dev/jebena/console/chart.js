// A chart of lines on a canvas: hundred thousands of points stay quick because each column of pixels is drawn once.
import { button, h } from "./dom.js";
import { duration, number, time } from "./format.js";
import { Scale, color, css, extent, surface } from "./scale.js";
import { csv, place, smooth } from "./series.js";

const LEFT = 58, RIGHT = 10, TOP = 8, BOTTOM = 24;

export class Chart {
  /** @param options `{ name, signal, link }`; `link(range)` tells others the range of x that was chosen */
  constructor(options) {
    this.options = options;
    this.series = [];
    this.view = { axis: "step", logX: false, logY: false, smoothing: 0 };
    this.range = null;
    this.cursor = null;
    this.canvas = h("canvas", {
      tabindex: "0", role: "application", "aria-roledescription": "chart", "aria-label": options.name,
      title: "Drag to zoom, double-click to zoom out. Keys: ← → point, + − zoom, Shift ← → move, 0 all",
    });
    this.tip = h("div", { class: "tip", role: "status", "aria-live": "polite", hidden: true });
    this.band = h("div", { class: "band", hidden: true });
    this.frame = h("div", { class: "frame" }, this.canvas, this.band, this.tip);
    this.heading = h("h3", {}, options.name);
    this.element = h("section", { class: "chart", "aria-label": options.name },
      h("div", { class: "charthead" }, this.heading,
        button("CSV", () => this.saveCsv(), { class: "mini", title: "Save the points" }),
        button("PNG", () => this.savePng(), { class: "mini", title: "Save the picture" }),
        button("⤢", () => this.enlarge(), { class: "mini", title: "Larger", "aria-label": `Larger: ${options.name}` })),
      this.frame, h("div", { class: "legend" }));
    this.redraw = surface(this.frame, this.canvas, (context, w, height) => this.draw(context, w, height), options.signal);
    this.listen();
  }

  /** @param series `[{ name, x, y, color, href }]`, each sorted by x */
  set(series, view = this.view) {
    this.series = series.map((one, i) => ({ ...one, index: one.color ?? i }));
    this.change(view);
    const legend = this.element.querySelector(".legend");
    const shown = this.series.length > 1 ? this.series.slice(0, 12) : [];
    legend.replaceChildren(...shown.map(one => h(one.href ? "a" : "span", { href: one.href }, swatch(one.index), one.name)),
      ...(this.series.length > 12 ? [`and ${this.series.length - 12} more`] : []));
  }

  change(view) {
    this.view = { ...this.view, ...view };
    for (const one of this.series) one.smoothed = smooth(one.y, this.view.smoothing);
    this.redraw();
  }

  /** Shows this range of x; null for all. */
  zoom(range, told = false) {
    this.range = range;
    if (!told) this.options.link?.(range, this);
    this.redraw();
  }

  whole() {
    let low = Infinity, high = -Infinity;
    for (const { x } of this.series) {
      const found = extent(x, this.view.logX);
      if (found) { low = Math.min(low, found[0]); high = Math.max(high, found[1]); }
    }
    if (low > high) return [0, 1];
    // One moment alone gets a second on each side, not a share of the years since 1970.
    return low === high && this.view.axis === "time" ? [low - 1000, high + 1000] : [low, high];
  }

  scales(width, height) {
    const [from, to] = this.range ?? this.whole();
    let low = Infinity, high = -Infinity;
    for (const one of this.series) {
      const begin = Math.max(0, place(one.x, from) - 1), end = Math.min(one.x.length, place(one.x, to) + 1);
      const found = extent(this.view.smoothing ? one.smoothed : one.y, this.view.logY, begin, end);
      if (found) { low = Math.min(low, found[0]); high = Math.max(high, found[1]); }
    }
    if (low > high) [low, high] = [0, 1];
    const margin = this.view.logY ? 0 : (high - low) * 0.04;
    return {
      x: new Scale(from, to, LEFT, width - RIGHT, this.view.logX),
      y: new Scale(low - margin, high + margin, height - BOTTOM, TOP, this.view.logY),
    };
  }

  label(value) {
    if (this.view.axis === "time") {
      const { from, to } = this.placed.x;
      return to - from < 86_400_000 ? time(value).slice(11) : time(value).slice(5, 16);
    }
    return this.view.axis === "relative" ? duration(value * 1000) : number(value);
  }

  draw(context, width, height) {
    const started = performance.now();
    const { x, y } = this.scales(width, height);
    this.placed = { x, y };
    this.grid(context, x, y, width, height);
    context.save();
    context.beginPath();
    context.rect(LEFT, TOP - 2, width - LEFT - RIGHT, height - TOP - BOTTOM + 4);
    context.clip();
    for (const one of this.series) {
      context.strokeStyle = color(one.index);
      if (this.view.smoothing) {
        context.globalAlpha = 0.22;
        this.line(context, one.x, one.y, x, y);
        context.globalAlpha = 1;
      }
      this.line(context, one.x, one.smoothed, x, y);
    }
    if (this.cursor !== null) this.mark(context, x, y, height);
    context.restore();
    // For whoever wonders whether a chart is slow.
    Object.assign(this.element.dataset, {
      points: this.series.reduce((n, one) => n + one.x.length, 0), milliseconds: (performance.now() - started).toFixed(1),
    });
  }

  grid(context, x, y, width, height) {
    context.strokeStyle = css("--line");
    context.fillStyle = css("--soft");
    context.lineWidth = 1;
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (const tick of y.ticks(Math.max(2, height / 50))) {
      const at = Math.round(y.at(tick)) + 0.5;
      context.beginPath();
      context.moveTo(LEFT, at);
      context.lineTo(width - RIGHT, at);
      context.stroke();
      context.fillText(number(tick), LEFT - 6, at);
    }
    context.textAlign = "center";
    context.textBaseline = "top";
    for (const tick of x.ticks(Math.max(2, (width - LEFT) / 110))) {
      const at = x.at(tick);
      if (at < LEFT - 1 || at > width - RIGHT + 1) continue;
      context.fillText(this.label(tick), Math.min(at, width - RIGHT - 24), height - BOTTOM + 7);
    }
    if (!this.series.some(one => one.x.length)) {
      context.fillText("no points yet", (LEFT + width) / 2, height / 2);
    }
  }

  /** One series; of the points in one column of pixels the first, least, greatest and last. */
  line(context, xs, ys, x, y) {
    const end = Math.min(xs.length, place(xs, x.to) + 1);
    let i = Math.max(0, place(xs, x.from) - 1);
    context.lineWidth = this.series.length > 10 ? 1 : 1.6;
    context.lineJoin = "round";
    context.beginPath();
    let down = false, dots = 0, last = null;
    while (i < end) {
      const column = Math.round(x.at(xs[i]));
      let first = NaN, low = Infinity, high = -Infinity, final = NaN;
      for (; i < end && Math.round(x.at(xs[i])) === column; i++) {
        const v = ys[i];
        if (!Number.isFinite(v) || (this.view.logY && v <= 0)) { if (Number.isNaN(first)) down = false; continue; }
        if (Number.isNaN(first)) first = v;
        if (v < low) low = v;
        if (v > high) high = v;
        final = v;
      }
      if (Number.isNaN(first)) { if (!Number.isFinite(column)) i++; continue; }
      if (down) context.lineTo(column, y.at(first)); else context.moveTo(column, y.at(first));
      if (low !== high) { context.lineTo(column, y.at(low)); context.lineTo(column, y.at(high)); context.lineTo(column, y.at(final)); }
      down = true;
      dots++;
      last = [column, y.at(final)];
    }
    context.stroke();
    if (dots === 1 && last) {
      context.fillStyle = context.strokeStyle;
      context.fillRect(last[0] - 2.5, last[1] - 2.5, 5, 5);
    }
  }

  mark(context, x, y, height) {
    const at = Math.round(x.at(this.cursor)) + 0.5;
    context.strokeStyle = css("--soft");
    context.lineWidth = 1;
    context.setLineDash([3, 3]);
    context.beginPath();
    context.moveTo(at, TOP);
    context.lineTo(at, height - BOTTOM);
    context.stroke();
    context.setLineDash([]);
    for (const { one, i } of this.near(this.cursor)) {
      context.fillStyle = color(one.index);
      context.beginPath();
      context.arc(x.at(one.x[i]), y.at(one.smoothed[i]), 3.5, 0, 7);
      context.fill();
    }
  }

  /** Each series' point nearest to x. */
  near(wanted) {
    return this.series.filter(one => one.x.length).map(one => {
      let i = Math.min(one.x.length - 1, place(one.x, wanted));
      if (i > 0 && wanted - one.x[i - 1] < one.x[i] - wanted) i--;
      return { one, i };
    });
  }

  /** Puts the cursor on a value of x; null takes it away. */
  point(at) {
    this.cursor = at;
    this.tip.hidden = at === null || !this.placed;
    if (!this.tip.hidden) {
      const found = this.near(at).sort((a, b) => b.one.smoothed[b.i] - a.one.smoothed[a.i]).slice(0, 14);
      this.tip.replaceChildren(h("div", { class: "soft" }, `${this.view.axis}: ${this.label(at)}`),
        ...found.map(({ one, i }) => h("div", { class: "tiprow" }, swatch(one.index),
          this.series.length > 1 ? h("span", { class: "tipname" }, one.name) : null,
          h("b", {}, number(one.smoothed[i])), this.view.smoothing ? h("span", { class: "soft" }, `(${number(one.y[i])})`) : null)));
      const left = this.placed.x.at(at), width = this.frame.clientWidth;
      this.tip.style.left = left < width / 2 ? `${left + 12}px` : "auto";
      this.tip.style.right = left < width / 2 ? "auto" : `${width - left + 12}px`;
    }
    this.redraw();
  }

  listen() {
    const canvas = this.canvas;
    let from = null;
    const at = event => event.clientX - canvas.getBoundingClientRect().left;
    canvas.addEventListener("pointerdown", event => { if (!event.button) { from = at(event); canvas.setPointerCapture(event.pointerId); } });
    canvas.addEventListener("pointermove", event => {
      if (!this.placed) return;
      const here = at(event);
      if (from !== null && Math.abs(here - from) > 4) {
        this.band.hidden = false;
        this.band.style.left = `${Math.min(from, here)}px`;
        this.band.style.width = `${Math.abs(here - from)}px`;
      }
      const nearest = this.near(this.placed.x.of(here))[0];
      this.point(nearest ? nearest.one.x[nearest.i] : null);
    });
    const end = event => {
      const here = at(event);
      if (from !== null && event.type === "pointerup" && Math.abs(here - from) > 4) {
        this.zoom([this.placed.x.of(Math.min(from, here)), this.placed.x.of(Math.max(from, here))]);
      }
      from = null;
      this.band.hidden = true;
    };
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
    canvas.addEventListener("pointerleave", () => { if (from === null && document.activeElement !== canvas) this.point(null); });
    canvas.addEventListener("blur", () => this.point(null));
    canvas.addEventListener("dblclick", () => this.zoom(null));
    canvas.addEventListener("wheel", event => {
      if (!event.ctrlKey || !this.placed) return;
      event.preventDefault();
      this.scaleAround(this.placed.x.of(at(event)), event.deltaY > 0 ? 1.25 : 0.8);
    }, { passive: false });
    canvas.addEventListener("keydown", event => this.key(event));
  }

  scaleAround(center, factor) {
    const [from, to] = this.range ?? this.whole();
    this.zoom([center - (center - from) * factor, center + (to - center) * factor]);
  }

  key(event) {
    const [from, to] = this.range ?? this.whole();
    const center = this.cursor ?? (from + to) / 2;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && event.shiftKey) this.zoom([from + step * (to - from) / 5, to + step * (to - from) / 5]);
    else if (step) this.move(step);
    else if (event.key === "+" || event.key === "=") this.scaleAround(center, 0.5);
    else if (event.key === "-") this.scaleAround(center, 2);
    else if (event.key === "0" || event.key === "Home") this.zoom(null);
    else if (event.key === "Escape" && this.cursor !== null) this.point(null);
    else return;
    event.preventDefault();
  }

  /** The cursor goes to the next point that lies in another column of pixels. */
  move(step) {
    const one = this.series.find(s => s.x.length);
    if (!one || !this.placed) return;
    const { x } = this.placed;
    let i = this.cursor === null ? Math.min(one.x.length - 1, place(one.x, x.from)) : this.near(this.cursor)[0].i + step;
    while (i > 0 && i < one.x.length - 1 && this.cursor !== null && Math.abs(x.at(one.x[i]) - x.at(this.cursor)) < 1) i += step;
    this.point(one.x[Math.max(0, Math.min(one.x.length - 1, i))]);
  }

  saveCsv() {
    save(new Blob([csv(this.series)], { type: "text/csv" }), this.options.name + ".csv");
  }

  savePng() {
    this.canvas.toBlob(blob => blob && save(blob, this.options.name + ".png"));
  }

  enlarge() {
    const large = this.element.classList.toggle("large");
    if (large) this.element.scrollIntoView({ block: "nearest" });
  }
}

/** A mark in the color of series number `index`. */
export function swatch(index) {
  const mark = h("i", { class: "swatch" });
  mark.style.background = color(index);
  return mark;
}

/** Hands a file to the user. */
export function save(blob, name) {
  const link = h("a", { download: name.replace(/[\\/:]/g, "_"), href: URL.createObjectURL(blob) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
