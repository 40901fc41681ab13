import type { Duplex } from 'node:stream';

/** Upgraded connections of visitors, by the session or token that they came in with. */
export class Tunnels {
  private readonly byCredential = new Map<string, Set<Duplex>>();

  add(credential: string, socket: Duplex): void {
    if (socket.destroyed) return;
    const sockets = this.byCredential.get(credential) ?? new Set();
    this.byCredential.set(credential, sockets.add(socket));
    socket.once('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0 && this.byCredential.get(credential) === sockets) this.byCredential.delete(credential);
    });
  }

  /** The session or token is over, and so is what was opened with it. */
  end(credential: string): void {
    for (const socket of this.byCredential.get(credential) ?? []) socket.destroy();
  }
}
