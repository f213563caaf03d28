// A table of data with a histogram above each column.
import { fill, h, s } from "./dom.js";
import { number } from "./format.js";
import { cells, grid } from "./viewer.js";

const BINS = 20, WIDTH = 120, HEIGHT = 36;

/** The columns of a text of CSV or JSON lines; a last line that was cut off is left out. */
export function columnsOf(kind, text, whole) {
  if (kind === "csv" || kind === "tsv") {
    const first = text.slice(0, text.indexOf("\n") >>> 0);
    const comma = kind === "tsv" ? "\t" : first.split(";").length > first.split(",").length ? ";" : ",";
    const rows = cells(text, comma);
    if (!whole) rows.pop();
    return { names: rows[0] ?? [], rows: rows.slice(1) };
  }
  const lines = text.split("\n").filter(line => line.trim());
  if (!whole) lines.pop();
  const objects = lines.map(line => { try { return JSON.parse(line); } catch { return { "(no valid JSON)": line }; } });
  const names = [...new Set(objects.flatMap(one => one && typeof one === "object" ? Object.keys(one) : ["value"]))];
  const shown = value => value === undefined || value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
  return { names, rows: objects.map(one => one && typeof one === "object" ? names.map(name => shown(one[name])) : names.map(name => name === "value" ? shown(one) : "")) };
}

export function dataView({ names, rows }, note) {
  return [note ? h("p", { class: "soft" }, note) : null, h("div", { class: "histograms" }, names.slice(0, 60).map((name, i) => column(name, rows.map(row => row[i] ?? "")))), fill(h("div", {}), grid([names, ...rows]))];
}

/** What is in a column: numbers as a histogram, few texts as bars, many as counts. */
function column(name, values) {
  const present = values.filter(value => value !== "");
  const numbers = present.map(Number);
  const missing = values.length - present.length;
  const counts = new Map();
  for (const value of present) counts.set(value, (counts.get(value) ?? 0) + 1);
  const numeric = present.length > 0 && numbers.every(Number.isFinite);
  let bars, told;
  if (numeric) {
    const low = numbers.reduce((a, b) => Math.min(a, b), Infinity), high = numbers.reduce((a, b) => Math.max(a, b), -Infinity);
    bars = Array.from({ length: BINS }, () => 0);
    for (const v of numbers) bars[Math.min(BINS - 1, Math.floor((v - low) / (high - low || 1) * BINS))]++;
    const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
    told = `${number(low)} to ${number(high)}, mean ${number(mean)}`;
  } else {
    const most = [...counts].sort((a, b) => b[1] - a[1]);
    bars = most.slice(0, BINS).map(([, count]) => count);
    told = counts.size <= BINS ? most.slice(0, 4).map(([value, count]) => `${value.slice(0, 20)}: ${count}`).join(", ") : `${number(counts.size)} different`;
  }
  return histogram(name, numeric ? "number" : "text", bars.map(count => [count, String(count)]), told, missing);
}

/** A column in a figure: `bars` are pairs of height and what it means. */
export function histogram(name, kind, bars, told, missing) {
  const top = Math.max(1, ...bars.map(([count]) => count)), width = WIDTH / Math.max(1, bars.length);
  return h("figure", {}, h("figcaption", {}, name, h("span", { class: "soft" }, ` ${kind}`)),
    s("svg", { width: WIDTH, height: HEIGHT, role: "img", "aria-label": `${name}: ${told}` }, bars.map(([count, meaning], i) =>
      s("rect", { class: "bar", x: i * width, y: HEIGHT - HEIGHT * count / top, width: Math.max(1, width - 1), height: HEIGHT * count / top }, s("title", {}, meaning)))),
    h("div", { class: "soft" }, told), missing ? h("div", { class: "soft" }, `${number(missing)} missing`) : null);
}
