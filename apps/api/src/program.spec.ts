import type { AppConfig } from '@aikore/api/kernel';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { run } from './program';
import { type RunningServer, startServer } from './server';

vi.mock('./server', () => ({ startServer: vi.fn() }));

const heard = new Map<string | symbol, (...args: unknown[]) => void>();
let told: string[];

beforeEach(() => {
  heard.clear();
  told = [];
  vi.spyOn(process, 'on').mockImplementation((name, listener) => {
    heard.set(name, listener as (...args: unknown[]) => void);
    return process;
  });
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((line) => (told.push(String(line)), true));
  }
  vi.spyOn(process, 'exit').mockImplementation((code) => (told.push(`exit ${code}`), undefined as never));
});
afterEach(() => vi.restoreAllMocks());

it('hears a signal, and outlives a mistake, while the server is still starting', async () => {
  let started: (server: RunningServer) => void = () => undefined;
  vi.mocked(startServer).mockReturnValue(new Promise((resolve) => (started = resolve)));
  const running = run({} as AppConfig, () => undefined);
  heard.get('unhandledRejection')?.(new Error('a mistake'));
  heard.get('SIGTERM')?.();
  started({ greeting: ['ready'], close: () => Promise.resolve(2) });
  await running;
  await vi.waitFor(() => expect(told).toContain('exit 0'));
  expect(told[0]).toBe('Unhandled rejection: a mistake\n');
  expect(told.join('')).toContain('Stopped. 2 instance(s) go on running');

  heard.get('SIGINT')?.();
  expect(told.at(-1)).toBe('exit 1');
});
