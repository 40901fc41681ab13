// Puts the remembered theme, or the system's, on the page before its first paint; the app keeps it up to date later on.
var theme = null;
try {
  theme = JSON.parse(localStorage.getItem('aikore.theme'));
} catch {
  // No storage, or nonsense in it: the system's theme stays.
}
if (['ink', 'violet', 'carbon', 'light'].indexOf(theme) < 0) {
  theme = matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'ink';
}
document.documentElement.dataset.theme = theme;
