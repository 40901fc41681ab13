import { describe, expect, it } from 'vitest';
import { FakeFreePorts } from './fake-free-ports';
import { FakePortHolder } from './fake-port-holder';
import { FakePortProbe } from './fake-port-probe';
import { freePortsContract } from './free-ports.contract';

freePortsContract('FakeFreePorts', () => {
  const ports = new FakeFreePorts();
  return { ports, take: async (port) => void ports.taken.add(port) };
});

describe('FakePortProbe and FakePortHolder', () => {
  it('answer what they were told', async () => {
    const probe = new FakePortProbe();
    probe.set(1, { httpStatus: 503 });
    expect(await probe.probe(1)).toEqual({ tcp: true, httpStatus: 503 });
    probe.set(1, null);
    expect(await probe.probe(1)).toEqual({ tcp: false, httpStatus: null });
    const holder = new FakePortHolder();
    holder.holders.set(1, { pid: 5, text: 'x (pid 5)' });
    expect([await holder.describe(1), await holder.describe(2)]).toEqual([
      { pid: 5, text: 'x (pid 5)' },
      { pid: null, text: null },
    ]);
  });
});
