// A scatter of runs: two columns against each other, a third as color.
import { swatch } from "./chart.js";
import { h } from "./dom.js";
import { number } from "./format.js";
import { axis } from "./parallel.js";
import { color, css, heat, Scale, surface } from "./scale.js";
import { go } from "./pages.js";

const LEFT = 70, RIGHT = 16, TOP = 12, BOTTOM = 44;

export class Scatter {
  /** @param told gets the run that is pointed at */
  constructor(signal, told) {
    this.told = told;
    this.runs = [];
    this.logX = this.logY = false;
    this.current = -1;
    this.canvas = h("canvas", {
      tabindex: "0", role: "application", "aria-roledescription": "scatter chart",
      "aria-label": "Scatter of the runs. Left and right go from point to point, Enter opens the run",
    });
    this.tip = h("div", { class: "tip", role: "status", "aria-live": "polite", hidden: true });
    this.frame = h("div", { class: "frame tall" }, this.canvas, this.tip);
    this.legend = h("div", { class: "legend" });
    this.element = h("div", {}, this.frame, this.legend);
    this.redraw = surface(this.frame, this.canvas, (context, w, height) => this.draw(context, w, height), signal);
    this.listen();
  }

  set(runs, choice) {
    this.runs = runs;
    this.choice = choice;
    if (choice) {
      this.x = axis(choice.x, runs);
      this.y = axis(choice.y, runs);
      this.color = choice.color ? axis(choice.color, runs) : null;
      this.order = [...runs.keys()].filter(i => Number.isFinite(this.x.places[i]) && Number.isFinite(this.y.places[i]))
        .sort((a, b) => this.x.places[a] - this.x.places[b]);
    }
    const names = choice && this.color?.names ? this.color.names.slice(0, 20) : [];
    this.legend.replaceChildren(...names.map((name, i) => h("span", {}, swatch(i), name || "(none)")));
    this.point(-1);
  }

  draw(context, width, height) {
    if (!this.choice) return;
    const scale = (a, start, end, log) => {
      const logarithmic = (log || a.log) && a.low > 0;
      const margin = logarithmic ? 0 : (a.high - a.low) * 0.05;
      return new Scale(a.low - margin, a.high + margin, start, end, logarithmic);
    };
    this.scaleX = scale(this.x, LEFT, width - RIGHT, this.logX);
    this.scaleY = scale(this.y, height - BOTTOM, TOP, this.logY);
    this.axes(context, width, height);
    context.globalAlpha = this.runs.length > 300 ? 0.6 : 0.85;
    for (const i of this.order) this.dot(context, i, this.runs.length > 2000 ? 2.5 : 4.5);
    context.globalAlpha = 1;
    if (this.current >= 0) {
      this.dot(context, this.current, 7);
      context.strokeStyle = css("--text");
      context.stroke();
    }
  }

  dot(context, i, radius) {
    const c = this.color;
    context.fillStyle = !c ? color(0) : c.names ? color(c.places[i]) : Number.isFinite(c.places[i]) ? heat(new Scale(c.low, c.high, 0, 1, c.log).at(c.places[i])) : css("--soft");
    context.beginPath();
    context.arc(this.scaleX.at(this.x.places[i]), this.scaleY.at(this.y.places[i]), radius, 0, 7);
    context.fill();
  }

  axes(context, width, height) {
    context.strokeStyle = css("--line");
    context.fillStyle = css("--soft");
    context.lineWidth = 1;
    const label = (a, tick) => a.names ? a.names[tick] ?? "" : number(tick);
    const ticks = (a, scale, count) => a.names ? a.names.map((_, i) => i) : scale.ticks(count);
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const tick of ticks(this.y, this.scaleY, height / 60)) {
      const y = this.scaleY.at(tick);
      context.beginPath();
      context.moveTo(LEFT, y);
      context.lineTo(width - RIGHT, y);
      context.stroke();
      context.fillText(String(label(this.y, tick)).slice(0, 11), LEFT - 6, y);
    }
    context.textAlign = "center";
    context.textBaseline = "top";
    for (const tick of ticks(this.x, this.scaleX, width / 110)) context.fillText(String(label(this.x, tick)).slice(0, 14), this.scaleX.at(tick), height - BOTTOM + 6);
    context.fillStyle = css("--text");
    context.fillText(this.x.column.title, (LEFT + width) / 2, height - 18);
    context.save();
    context.translate(6, (height - BOTTOM) / 2);
    context.rotate(-Math.PI / 2);
    context.fillText(this.y.column.title, 0, 0);
    context.restore();
  }

  point(i) {
    this.current = i;
    this.tip.hidden = i < 0;
    if (i >= 0) {
      const run = this.runs[i];
      const row = column => h("div", {}, `${column.title}: `, h("b", {}, String(column.kind === "metrics" ? number(column.value(run)) : column.value(run) ?? "")));
      this.tip.replaceChildren(h("div", {}, run.info.run_name), row(this.x.column), row(this.y.column), this.color ? row(this.color.column) : "");
      const left = this.scaleX.at(this.x.places[i]), width = this.frame.clientWidth;
      this.tip.style.left = left < width / 2 ? `${left + 14}px` : "auto";
      this.tip.style.right = left < width / 2 ? "auto" : `${width - left + 14}px`;
      this.told([run]);
    }
    this.redraw();
  }

  nearest(event) {
    const box = this.canvas.getBoundingClientRect();
    let best = -1, least = 400;
    for (const i of this.order) {
      const distance = (this.scaleX.at(this.x.places[i]) - event.clientX + box.left) ** 2 + (this.scaleY.at(this.y.places[i]) - event.clientY + box.top) ** 2;
      if (distance < least) { least = distance; best = i; }
    }
    return best;
  }

  open() {
    if (this.current >= 0) go(`/console/runs/${encodeURIComponent(this.runs[this.current].info.run_id)}`);
  }

  listen() {
    this.canvas.addEventListener("pointermove", event => { if (this.choice && this.scaleX) { const i = this.nearest(event); if (i !== this.current) this.point(i); } });
    this.canvas.addEventListener("click", () => this.open());
    this.canvas.addEventListener("keydown", event => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (event.key === "Enter") this.open();
      else if (step && this.order?.length) {
        const at = this.order.indexOf(this.current);
        this.point(this.order[Math.max(0, Math.min(this.order.length - 1, at + step))]);
        event.preventDefault();
      }
    });
  }
}
