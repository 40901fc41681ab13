// Puts the remembered theme, or the system's, on the page before its first paint; the app keeps it up to date later on.
var theme = matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'ink';
try {
  theme = JSON.parse(localStorage.getItem('aikore.theme')) || theme;
} catch {
  // No storage, or nonsense in it: the system's theme stays.
}
document.documentElement.dataset.theme = theme;
