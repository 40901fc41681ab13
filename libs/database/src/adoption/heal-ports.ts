import { inRange, type PortRange } from '@aikore/domain';
import type { RowReader } from './row-reader';

export interface AdoptedPorts {
  port: number | null;
  persistent_port: number | null;
  persistent_display: number | null;
}

const highestPort = 65_535;
/** X11 displays are TCP ports from 6000 on (X(7)). */
const highestDisplay = highestPort - 6000;

/** Takes ports over row by row: a public port or a display that another row has is left to be allocated anew. */
export class PortHealer {
  private readonly ports = new Set<number>();
  private readonly displays = new Set<number>();

  constructor(private readonly range: PortRange) {}

  /** The port that clients see is `persistent_port` of a persistent instance, and `port` of any other. */
  heal(reader: RowReader, persistent: boolean): AdoptedPorts {
    const healed = {
      port: reader.integer('port', 1, highestPort),
      persistent_port: reader.integer('persistent_port', 1, highestPort),
      persistent_display: this.display(reader),
    };
    const field = persistent ? 'persistent_port' : 'port';
    healed[field] = this.publicPort(reader, field, healed[field]);
    return healed;
  }

  private publicPort(reader: RowReader, field: string, port: number | null): number | null {
    if (port === null) return null;
    const { from, to } = this.range;
    const outside = !inRange(this.range, port);
    if (!outside && !this.ports.has(port)) {
      this.ports.add(port);
      return port;
    }
    const fault = outside ? `It is outside the range ${from}-${to}` : 'Another instance has it';
    reader.note(field, port, null, `${fault}; the next start takes a free one.`);
    return null;
  }

  private display(reader: RowReader): number | null {
    const display = reader.integer('persistent_display', 0, highestDisplay);
    if (display === null) return null;
    if (!this.displays.has(display)) {
      this.displays.add(display);
      return display;
    }
    reader.note('persistent_display', display, null, 'Another instance has it; the next start takes a free one.');
    return null;
  }
}
