/** An upgraded connection, or the answer to a request. */
export interface Stream {
  readonly destroyed: boolean;
  destroy(): unknown;
  on(event: 'close', listener: () => void): unknown;
}

/** What visitors have open, by the session or token that they came in with. */
export class Tunnels {
  private readonly byCredential = new Map<string, Set<Stream>>();

  /** Every request that is passed on comes through here, so a credential's set stays until the credential ends. */
  add(credential: string, stream: Stream): void {
    if (stream.destroyed) return;
    let streams = this.byCredential.get(credential);
    if (!streams) this.byCredential.set(credential, (streams = new Set()));
    const own = streams.add(stream);
    stream.on('close', () => own.delete(stream));
  }

  /** The session or token is over, and so is what was opened with it. */
  end(credential: string): void {
    const streams = this.byCredential.get(credential) ?? [];
    this.byCredential.delete(credential);
    for (const stream of streams) stream.destroy();
  }
}
