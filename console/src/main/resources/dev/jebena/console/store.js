// What the pages keep in the browser, under names of their own.

export function read(name, fallback) {
  try { return JSON.parse(localStorage.getItem("jebena." + name)) ?? fallback; } catch { return fallback; }
}

/** Whether it could be kept. */
export function write(name, value) {
  try {
    localStorage.setItem("jebena." + name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
