/** A listening socket in /proc/net/tcp or tcp6. */
export interface ListeningSocket {
  address: string;
  port: number;
  uid: number;
  inode: string;
}

const listening = '0A';

/** Reads a table of the kernel; lines that are not listening sockets are skipped. */
export const parseTcpTable = (text: string): ListeningSocket[] =>
  text.split('\n').flatMap((line) => {
    const [, local, , state, , , , uid, , inode] = line.trim().split(/\s+/);
    const [host, port] = local?.split(':') ?? [];
    if (state !== listening || !host || !port || !inode) return [];
    return [{ address: formatAddress(host), port: Number.parseInt(port, 16), uid: Number(uid), inode }];
  });

/** True for 127.0.0.0/8 and ::1, in the form of `ListeningSocket`. */
export const isLoopbackAddress = (address: string): boolean => address.startsWith('127.') || address === '::1';

/** The kernel prints 32-bit words in the byte order of the machine: little-endian on all that Node supports here. */
const formatAddress = (hex: string): string => {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse().map((pair) => Number.parseInt(pair, 16)));
  if (bytes.length === 4) return bytes.join('.');
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  return isMapped ? bytes.slice(12).join('.') : formatV6(bytes);
};

const formatV6 = (bytes: number[]): string => {
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16),
  );
  // The URL parser knows the short form (RFC 5952).
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
};
