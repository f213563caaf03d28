// Reads Prometheus' text format.

const LINE = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const LABEL = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Samples `{ labels, value }` by name. */
export function parsed(text) {
  const found = new Map();
  for (const line of text.split("\n")) {
    const match = line.startsWith("#") ? null : LINE.exec(line);
    if (!match) continue;
    const labels = {};
    for (const [, name, value] of (match[2] ?? "").matchAll(LABEL)) labels[name] = value.replace(/\\(.)/g, (_, c) => c === "n" ? "\n" : c);
    if (!found.has(match[1])) found.set(match[1], []);
    found.get(match[1]).push({ labels, value: match[3] === "+Inf" ? Infinity : Number(match[3]) });
  }
  return found;
}

const fits = (sample, wanted) => Object.entries(wanted).every(([name, value]) => sample.labels[name] === value);

/** The sum of all samples of a name that have these labels. */
export function sum(metrics, name, labels = {}) {
  return (metrics.get(name) ?? []).filter(sample => fits(sample, labels)).reduce((total, sample) => total + sample.value, 0);
}

/** The value below which `share` of a histogram's observations lie, within its bucket by a straight line; NaN where it has none. */
export function quantile(metrics, name, share, labels) {
  const buckets = (metrics.get(name + "_bucket") ?? []).filter(sample => fits(sample, labels))
    .map(sample => ({ le: sample.labels.le === "+Inf" ? Infinity : Number(sample.labels.le), count: sample.value })).sort((a, b) => a.le - b.le);
  const wanted = (buckets.at(-1)?.count ?? 0) * share;
  if (!wanted) return NaN;
  const at = buckets.findIndex(bucket => bucket.count >= wanted);
  const low = at ? buckets[at - 1] : { le: 0, count: 0 };
  if (buckets[at].le === Infinity) return low.le;
  return low.le + (buckets[at].le - low.le) * (wanted - low.count) / Math.max(1, buckets[at].count - low.count);
}
