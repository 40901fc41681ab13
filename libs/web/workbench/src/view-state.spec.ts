import { describe, expect, it } from 'vitest';
import { obstacleTo, stageOf, type Opened } from './view-state';

const plain = new URL('http://gpu.lan:9000/');
const secure = new URL('https://gpu.lan/');
const opened = (url: string, framing: Opened['framing'] = 'allowed'): Opened => ({ url, framing });

describe('the view of an app', () => {
  it('shows the app also while it stalls, and waits for one that starts', () => {
    expect((['started', 'stalled'] as const).map(stageOf)).toEqual(['app', 'app']);
    expect((['installing', 'starting'] as const).map(stageOf)).toEqual(['coming', 'coming']);
    expect((['stopped', 'stopping', 'error'] as const).map(stageOf)).toEqual(['off', 'off', 'off']);
  });

  it('tries whenever nothing is known against it', () => {
    expect(obstacleTo(opened('http://gpu.lan:9001/'), plain)).toBeNull();
    expect(obstacleTo(opened('http://gpu.lan:9001/', 'unknown'), plain)).toBeNull();
  });

  it('believes the server', () => {
    expect(obstacleTo(opened('http://gpu.lan:9001/', 'refused'), plain)).toBe('refused');
    expect(obstacleTo(opened('http://app.localhost:9000/', 'cookies'), plain)).toBe('cookies');
  });

  it('puts no plain frame into an encrypted page, except of this machine', () => {
    expect(obstacleTo(opened('http://gpu.lan:9001/'), secure)).toBe('mixed');
    expect(obstacleTo(opened('https://gpu.lan:9001/'), secure)).toBeNull();
    expect(obstacleTo(opened('http://localhost:9001/'), new URL('https://localhost/'))).toBeNull();
  });
});
