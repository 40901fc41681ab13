import { describe, expect, it } from 'vitest';
import type { FreePorts } from './free-ports';

/** What every FreePorts promises; `take` makes a stranger listen on a loopback port. */
export const freePortsContract = (
  name: string,
  make: () => { ports: FreePorts; take: (port: number) => Promise<void> },
) => {
  describe(`${name} keeps the FreePorts contract`, () => {
    it('finds a port that can be listened on, until a stranger does', async () => {
      const { ports, take } = make();
      const port = await ports.findFree();
      expect(await ports.canListen('127.0.0.1', port)).toBe(true);
      await take(port);
      expect(await ports.canListen('127.0.0.1', port)).toBe(false);
    });

    it('keeps out of the excluded set', async () => {
      const { ports } = make();
      const asked: number[] = [];
      const port = await ports.findFree((candidate) => asked.push(candidate) < 4);
      expect(new Set(asked).size).toBe(4);
      expect(port).toBe(asked[3]);
    });
  });
};
