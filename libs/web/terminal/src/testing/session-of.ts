import type { TerminalSession } from '@aikore/contract';

/** A terminal, as the server describes it. */
export const sessionOf = (id: string, instanceId = 1, name = `Terminal ${id.replace(/\D/g, '')}`): TerminalSession => ({
  id,
  instance_id: instanceId,
  name,
  opened_at: '2026-01-01T00:00:00.000Z',
  cols: 80,
  rows: 24,
  idle_end_at: null,
});
