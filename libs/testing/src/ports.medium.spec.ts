import { describe, expect, it } from 'vitest';
import { freePortBlock, isFree, listenOn } from './ports';

describe('freePortBlock', () => {
  it('gives free ports in a row, below those of outgoing connections', async () => {
    const first = await freePortBlock(5);
    expect(first + 5).toBeLessThan(32_768);
    const servers = await Promise.all(Array.from({ length: 5 }, (_, index) => listenOn(first + index)));
    expect(await isFree(first)).toBe(false);
    await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
    expect(await isFree(first)).toBe(true);
  });
});
