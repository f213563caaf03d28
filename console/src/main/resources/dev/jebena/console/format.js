// Numbers, sizes and times for people.

/** Four significant digits where that loses little; the exact number is for titles. */
export function number(value) {
  if (value === null || value === undefined || value === "") return "";
  const n = Number(value);
  if (!Number.isFinite(n)) return String(value);
  if (Number.isInteger(n) && Math.abs(n) < 1e12) return n.toLocaleString("en");
  const size = Math.abs(n);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return n.toExponential(3);
  return String(Number(n.toPrecision(5)));
}

export function bytes(count) {
  let n = Number(count), unit = 0;
  if (!Number.isFinite(n)) return "";
  const units = ["B", "kB", "MB", "GB", "TB"];
  while (n >= 1000 && unit < units.length - 1) { n /= 1000; unit++; }
  return `${unit && n < 100 ? n.toFixed(1) : Math.round(n)} ${units[unit]}`;
}

export function time(milliseconds) {
  if (!milliseconds) return "";
  const date = new Date(Number(milliseconds));
  const two = n => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} `
    + `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

export function duration(milliseconds) {
  if (milliseconds === null || milliseconds === undefined || Number.isNaN(milliseconds)) return "";
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return minutes < 2880 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${Math.floor(minutes / 1440)} days`;
}

/** How long ago, in words. */
export function ago(milliseconds) {
  const passed = Date.now() - Number(milliseconds);
  if (!milliseconds) return "";
  return passed < 45_000 ? "just now" : duration(passed).replace(/ \d+ (s|min)$/, "") + " ago";
}

export const short = id => String(id ?? "").slice(0, 8);
