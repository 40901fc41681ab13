// Who listens on a port, without opening one: read from /proc, so that it works on every Linux.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** `0A` in the state column of /proc/net/tcp. */
const listening = '0A';
const anyAddress = /^0+$/;

/**
 * @param {string} host an address, or `localhost`
 * @param {number} port
 * @returns {{ pid: number | null, command: string } | null} null: nobody listens. `pid` is null when the program
 * belongs to another user, whose open files only root can see
 */
export function portHolder(host, port) {
  const inodes = [...listeners('/proc/net/tcp', host, port), ...listeners('/proc/net/tcp6', host, port)];
  if (inodes.length === 0) return null;
  const links = new Set(inodes.map((inode) => `socket:[${inode}]`));
  const pid = pids().find((candidate) => holdsOneOf(candidate, links)) ?? null;
  return { pid, command: pid === null ? '' : commandOf(pid) };
}

function listeners(table, host, port) {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return (read(table) ?? '')
    .split('\n')
    .slice(1)
    .map((row) => row.trim().split(/\s+/))
    .filter(([, local = '', , state]) => state === listening && local.endsWith(`:${wanted}`) && meets(host, local))
    .map((columns) => columns[9]);
}

/** An address of `/proc/net/tcp` (`0100007F:2328`) stands in the way of ours when it is the same, or either is "any". */
function meets(host, local) {
  const [address = ''] = local.split(':');
  if (anyAddress.test(address) || host === '0.0.0.0' || host === '::') return true;
  if (host.includes(':')) return address.length === 32;
  const octets = (host === 'localhost' ? '127.0.0.1' : host).split('.').map(Number);
  const hex = octets.reverse().map((octet) => octet.toString(16).toUpperCase().padStart(2, '0'));
  return address.slice(-8) === hex.join('');
}

const pids = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

function holdsOneOf(pid, links) {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => links.has(linkOf(`/proc/${pid}/fd/${fd}`)));
  } catch {
    return false;
  }
}

function linkOf(path) {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

const commandOf = (pid) => (read(`/proc/${pid}/cmdline`) ?? '').split('\0').join(' ').trim();

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
