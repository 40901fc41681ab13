// Kept to Node 14's syntax: see ../start.mjs.
import { readFileSync } from 'fs';

/**
 * @returns {string | null} the sentence to show when this Node does not satisfy `engines` of package.json
 */
export function tooOld(version = process.versions.node) {
  const { engines } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  if (engines.node.split('||').some((range) => satisfies(version, range.trim()))) return null;
  return (
    `AiKore needs Node.js ${engines.node.replace(/\s*\|\|\s*/g, ' or ')}. This is ${version} (${process.execPath}).\n` +
    'Install a supported one, for example from https://nodejs.org, and run the command again.'
  );
}

/** The two forms that `engines` uses: `^20.19` (that major, from that minor on) and `>=24`. */
function satisfies(version, range) {
  const parts = /^(\^|>=)(\d+)(?:\.(\d+))?$/.exec(range);
  if (!parts) throw new Error('engines.node has a form that this check does not know: ' + range);
  const [major, minor] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor] = [Number(parts[2]), Number(parts[3] || 0)];
  if (major === wantedMajor) return minor >= wantedMinor;
  return parts[1] === '>=' && major > wantedMajor;
}
