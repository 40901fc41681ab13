import { request, type ClientRequest } from 'node:http';
import { PortProbe, type ProbeOptions, type ProbeResult } from './port-probe';

/** One connection per probe, closed whatever happens: an app sees at most one request, and no socket stays. */
export class NodePortProbe extends PortProbe {
  probe(port: number, { path = '/', timeoutMs = 1000 }: ProbeOptions = {}): Promise<ProbeResult> {
    return ask(port, path, timeoutMs);
  }
}

const open = (port: number, path: string): ClientRequest | null => {
  try {
    return request({ host: '127.0.0.1', port, path, agent: false, headers: { connection: 'close', accept: '*/*' } });
  } catch {
    // A path with a space or a control character is no reason to throw: TCP is still worth knowing, but not here.
    return path === '/' ? null : open(port, '/');
  }
};

const ask = (port: number, path: string, timeoutMs: number): Promise<ProbeResult> =>
  new Promise((resolve) => {
    const get = open(port, path);
    if (!get) return resolve({ tcp: false, httpStatus: null });
    let tcp = false;
    const finish = (httpStatus: number | null) => {
      clearTimeout(timer);
      get.destroy();
      resolve({ tcp, httpStatus });
    };
    let timer = setTimeout(() => finish(null), timeoutMs);
    get.on('socket', (socket) =>
      socket.once('connect', () => {
        tcp = true;
        clearTimeout(timer);
        timer = setTimeout(() => finish(null), timeoutMs);
      }),
    );
    get.on('response', (response) => {
      response.on('error', () => undefined);
      finish(response.statusCode ?? null);
    });
    get.on('upgrade', (response, socket) => {
      socket.destroy();
      finish(response.statusCode ?? null);
    });
    // Also after `finish`: destroying the request may still report an error.
    get.on('error', (error) => {
      // A reset comes from someone who had accepted.
      tcp ||= 'code' in error && error.code === 'ECONNRESET';
      finish(null);
    });
    get.end();
  });
