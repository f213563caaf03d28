// Places on an axis for values, linear or logarithmic, and where its ticks stand.

const COLORS = ["#1f77b4", "#d2691e", "#2a9d5c", "#b5329e", "#c0392b", "#6f5bd0", "#00899b", "#8a6d1d", "#5a6b7b", "#d14b7f"];
const DARK = ["#6ab0ea", "#f0a060", "#5fd08f", "#e07ad0", "#ff7d70", "#a99bff", "#4fd0e0", "#d6b75a", "#a9bac9", "#ff92b8"];

export function isDark() {
  const theme = document.documentElement.dataset.theme;
  return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

/** The color of series number `index`. */
export function color(index) {
  return (isDark() ? DARK : COLORS)[index % COLORS.length];
}

/** From blue over gray to orange for `share` of 0 to 1. */
export function heat(share) {
  const t = Math.min(1, Math.max(0, share));
  return `hsl(${215 - 190 * t} ${35 + 40 * Math.abs(2 * t - 1)}% ${isDark() ? 62 : 45}%)`;
}

/** A value of the style sheet. */
export const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Maps `from`..`to` to the places `start`..`end`. */
export class Scale {
  constructor(from, to, start, end, log = false) {
    if (log && !(from > 0)) from = to > 0 ? to / 1e6 : 1e-6;
    if (log && !(to > from)) to = from * 10;
    if (!(to > from)) {
      const half = Math.abs(from) * 0.05 || 0.5;
      [from, to] = [from - half, from + half];
    }
    Object.assign(this, { from, to, start, end, log });
    this.low = log ? Math.log10(from) : from;
    this.high = log ? Math.log10(to) : to;
  }

  at(value) {
    const v = this.log ? Math.log10(value) : value;
    return this.start + (v - this.low) / (this.high - this.low) * (this.end - this.start);
  }

  of(place) {
    const v = this.low + (place - this.start) / (this.end - this.start) * (this.high - this.low);
    return this.log ? 10 ** v : v;
  }

  ticks(count) {
    if (this.log && this.high - this.low >= 1) {
      const step = Math.max(1, Math.ceil((this.high - this.low) / count));
      const found = [];
      for (let e = Math.ceil(this.low); e <= this.high + 1e-9; e += step) found.push(10 ** e);
      return found;
    }
    const rough = (this.to - this.from) / Math.max(1, count);
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map(f => f * power).find(s => s >= rough) ?? rough;
    const found = [];
    for (let i = Math.ceil(this.from / step); i <= this.to / step + 1e-9 && found.length < 50; i++) found.push(i * step);
    return found.map(v => Math.abs(v) < step * 1e-9 ? 0 : Number(v.toPrecision(12)));
  }
}

/** Least and greatest finite number; positive ones only for a logarithmic axis. */
export function extent(values, log = false, from = 0, to = values.length) {
  let low = Infinity, high = -Infinity;
  for (let i = from; i < to; i++) {
    const v = values[i];
    if (!Number.isFinite(v) || (log && v <= 0)) continue;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return low <= high ? [low, high] : null;
}

/** A canvas that fills its host and is sharp on any screen; `draw(context, width, height)` on every change of size or colors. */
export function surface(host, canvas, draw, signal) {
  const redraw = () => {
    const width = host.clientWidth, height = host.clientHeight, ratio = devicePixelRatio || 1;
    if (!width || !height) return;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = "11px system-ui, sans-serif";
    draw(context, width, height);
  };
  let asked = 0;
  const soon = () => { asked ||= requestAnimationFrame(() => { asked = 0; redraw(); }); };
  const observer = new ResizeObserver(soon);
  observer.observe(host);
  addEventListener("themechange", soon, { signal });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", soon, { signal });
  signal?.addEventListener("abort", () => observer.disconnect());
  return soon;
}
