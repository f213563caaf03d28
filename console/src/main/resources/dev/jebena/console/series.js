// Histories of metrics as arrays, and what charts do to them.
import { get, mlflow, pageToken, query } from "./api.js";

const PAGE = 25_000;
const MOST = 1_000_000;

const finite = value => typeof value === "number" ? value : Number(value);

function series(points) {
  const n = points.length;
  const result = { step: new Float64Array(n), time: new Float64Array(n), value: new Float64Array(n) };
  points.forEach((point, i) => {
    result.step[i] = Number(point.step ?? 0);
    result.time[i] = Number(point.timestamp ?? 0);
    result.value[i] = finite(point.value);
  });
  return result;
}

/** The whole history of one metric of a run. */
export async function history(run, key, signal) {
  let points = [], token;
  do {
    const page = await mlflow.get("metrics/get-history", { run_id: run, metric_key: key, max_results: PAGE, page_token: token }, signal);
    points = points.length ? points.concat(page.metrics ?? []) : page.metrics ?? [];
    token = page.next_page_token;
  } while (token && points.length < MOST);
  return series(points);
}

/** Evenly taken steps of one metric of up to 100 runs: by run. */
export async function sampled(runs, key, most, signal) {
  const address = "/api/2.0/mlflow/metrics/get-history-bulk-interval?" + query({ run_ids: runs, metric_key: key, max_results: most });
  const byRun = new Map(runs.map(run => [run, []]));
  for (const point of (await get(address, {}, signal)).metrics ?? []) byRun.get(point.run_id)?.push(point);
  return new Map([...byRun].map(([run, points]) => [run, series(points)]));
}

/** The points by what the horizontal axis shows: step, time since the first point in seconds, or the clock. */
export function along(data, axis) {
  const n = data.value.length;
  let x = axis === "step" ? data.step : data.time;
  let y = data.value;
  let sorted = true;
  for (let i = 1; i < n && sorted; i++) sorted = x[i] >= x[i - 1];
  if (!sorted) {
    const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => x[a] - x[b] || a - b);
    x = Float64Array.from(order, i => x[i]);
    y = Float64Array.from(order, i => data.value[i]);
  }
  if (axis === "relative" && n) {
    const first = x[0];
    x = x.map(t => (t - first) / 1000);
  }
  return { x, y };
}

/** Exponential moving average without the pull of its beginning; `weight` of 0 is none. Gaps stay gaps. */
export function smooth(values, weight) {
  if (!weight) return values;
  const result = new Float64Array(values.length);
  let mean = 0, mass = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (!Number.isFinite(v)) { result[i] = NaN; continue; }
    mean = mean * weight + v * (1 - weight);
    mass = mass * weight + (1 - weight);
    result[i] = mean / mass;
  }
  return result;
}

/** The first index whose value is at least `wanted`. */
export function place(sorted, wanted) {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < wanted) low = middle + 1; else high = middle;
  }
  return low;
}

/** All points as lines of a CSV file. */
export function csv(named) {
  const lines = ["series,x,y"];
  for (const { name, x, y } of named) {
    const cell = /[",\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
    for (let i = 0; i < x.length; i++) lines.push(`${cell},${x[i]},${y[i]}`);
  }
  return lines.join("\n") + "\n";
}

/** What came behind the points that are known; the same object when nothing did. */
export async function extended(known, run, key, signal) {
  const page = await mlflow.get("metrics/get-history",
    { run_id: run, metric_key: key, max_results: PAGE, page_token: pageToken(known.value.length) }, signal);
  if (!page.metrics?.length) return known;
  const more = series(page.metrics);
  const joined = (a, b) => { const c = new Float64Array(a.length + b.length); c.set(a); c.set(b, a.length); return c; };
  return { step: joined(known.step, more.step), time: joined(known.time, more.time), value: joined(known.value, more.value) };
}
