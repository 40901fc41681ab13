import type { RowReader } from './row-reader';

export interface AdoptedHostname {
  hostname: string | null;
  use_custom_hostname: boolean;
}

/** Takes custom addresses over row by row: one needs a host name, and leads to one instance. */
export class HostnameHealer {
  private readonly taken = new Set<string>();

  /** The text stays in any case; an address that cannot work is switched off. */
  heal(reader: RowReader): AdoptedHostname {
    const hostname = reader.text('hostname');
    const wanted = reader.flag('use_custom_hostname');
    // Host names have no case (RFC 4343).
    const name = (hostname ?? '').toLowerCase();
    const works = name !== '' && !this.taken.has(name);
    if (!wanted) return { hostname, use_custom_hostname: false };
    if (works) this.taken.add(name);
    else {
      const reason = name === '' ? 'There is no host name.' : 'Another instance is reached at this host name.';
      reader.note('use_custom_hostname', true, false, reason);
    }
    return { hostname, use_custom_hostname: works };
  }
}
