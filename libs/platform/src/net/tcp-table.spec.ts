import { describe, expect, it } from 'vitest';
import { parseTcpTable } from './tcp-table';

const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const line = (local: string, state = '0A') =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 4242 1 0 100 0 0 10 0\n`;

describe('parseTcpTable', () => {
  it.each([
    ['0100007F:2328', '127.0.0.1', 9000],
    ['00000000:0050', '0.0.0.0', 80],
    ['00000000000000000000000000000000:4A38', '::', 19000],
    ['00000000000000000000000001000000:4A39', '::1', 19001],
    ['0000000000000000FFFF00000100007F:4A39', '127.0.0.1', 19001],
    ['B80D0120000000000000000001000000:0001', '2001:db8::1', 1],
  ])('reads %s', (local, address, port) => {
    expect(parseTcpTable(head + line(local))).toEqual([{ address, port, uid: 1000, inode: '4242' }]);
  });

  it('skips connections, the heading and half a line', () => {
    expect(parseTcpTable(`${head}${line('0100007F:2328', '01')}   1: 0100`)).toEqual([]);
  });
});
