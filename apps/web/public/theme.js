// Puts the remembered theme on the page before its first paint; the app itself keeps it up to date later on.
try {
  var theme = JSON.parse(localStorage.getItem('aikore.theme') || '"ink"');
  document.documentElement.dataset.theme = theme;
} catch {
  // No storage, or nonsense in it: the default theme stays.
}
