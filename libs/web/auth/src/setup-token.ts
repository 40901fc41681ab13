/** The token of a setup address such as `/setup#token=abc`; null when there is none. */
export function tokenOfFragment(fragment: string): string | null {
  return new URLSearchParams(fragment.replace(/^#/, '')).get('token') || null;
}
