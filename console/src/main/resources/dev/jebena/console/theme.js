// Runs before anything is painted, so that no page flashes in the wrong colors.
try {
  const theme = JSON.parse(localStorage.getItem("jebena.theme"));
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
} catch { /* No storage: the system's colors. */ }
