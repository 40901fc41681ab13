/**
 * `--name value` and `--name` (which is true).
 *
 * @param {string[]} words
 * @returns {Record<string, string | true>}
 */
export function flagsOf(words) {
  const flags = {};
  for (let index = 0; index < words.length; index += 1) {
    const next = words[index + 1];
    const isAlone = next === undefined || next.startsWith('--');
    flags[words[index].replace(/^--/, '')] = isAlone ? true : next;
    if (!isAlone) index += 1;
  }
  return flags;
}
