import { describe, expect, it } from 'vitest';
import { FakePortHolder } from '@aikore/platform/testing';
import { explainListenError } from './explain-listen-error';

describe('explainListenError', () => {
  const advice = 'or set AIKORE_PORT to another one';
  it.each([
    ['EADDRINUSE', 'Stop it, or set AIKORE_PORT to another one.'],
    ['EACCES', 'Choose one above 1023, or set AIKORE_PORT to another one.'],
    ['EADDRNOTAVAIL', 'Set AIKORE_HOST to one of its own, or to 127.0.0.1.'],
    ['ENODEV', 'Check the address, or set AIKORE_PORT to another one.'],
  ])('%s: says what to do', async (code, end) => {
    const error = Object.assign(new Error(`listen ${code}`), { code });
    const text = await explainListenError(error, { host: 'h', port: 80 }, new FakePortHolder(), advice);
    expect(text.endsWith(end)).toBe(true);
  });
});
