import type { TerminalSession } from '@aikore/contract';

type Sessions = readonly TerminalSession[];

const byAge = (a: TerminalSession, b: TerminalSession): number =>
  Date.parse(a.opened_at) - Date.parse(b.opened_at) || (a.id < b.id ? -1 : 1);

/** The list with this terminal as it is now, oldest first. */
export function withSession(list: Sessions, session: TerminalSession): Sessions {
  const others = list.filter(({ id }) => id !== session.id);
  return [...others, session].sort(byAge);
}

export const withoutSession = (list: Sessions, id: string): Sessions => list.filter((session) => session.id !== id);

/** A tab: a terminal of the server, or what is left of one that was looked at here. */
export interface TerminalTab {
  readonly session: TerminalSession;
  readonly alive: boolean;
}

/**
 * The tabs of an instance, oldest first.
 *
 * @param live the terminals that there are
 * @param seen those that were looked at here: they stay when they end, with the reason, until they are closed
 */
export function tabsOf(live: Sessions, seen: Sessions, instanceId: number): readonly TerminalTab[] {
  const ofInstance = ({ instance_id }: TerminalSession) => instance_id === instanceId;
  const alive = live.filter(ofInstance);
  const dead = seen.filter((session) => ofInstance(session) && !alive.some(({ id }) => id === session.id));
  const all = dead.reduce<Sessions>(withSession, alive);
  return all.map((session) => ({ session, alive: alive.includes(session) }));
}

/** What is shown after a tab was closed: its right neighbour, else its left one. */
export function neighbourOf(tabs: readonly TerminalTab[], id: string): string | null {
  const at = tabs.findIndex(({ session }) => session.id === id);
  return (tabs[at + 1] ?? tabs[at - 1])?.session.id ?? null;
}
