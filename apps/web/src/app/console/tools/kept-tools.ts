import type { Tool, ToolPlace } from '@aikore/web/data';

const keptByDefault = 4;

/** A view of a tool that is alive, seen or not. */
export interface KeptTool {
  readonly key: string;
  readonly tool: Tool;
  readonly instanceId: number | null;
  /** When it was last shown, counted in showings. */
  readonly turn: number;
}

/** The view that a place asks for; null for the welcome screen, and while no instance is chosen. */
export function keyOf({ tool, instanceId }: ToolPlace): string | null {
  if (!tool) return null;
  if (tool.about === 'server') return tool.id;
  return instanceId === null ? null : `${tool.id}:${instanceId}`;
}

/**
 * The views that are alive after a place was shown. Their order never changes: a frame that is moved in the document
 * loads again.
 *
 * @param exists whether an instance is (still) there
 */
export function keepTools(
  kept: readonly KeptTool[],
  place: ToolPlace,
  exists: (instanceId: number) => boolean,
): readonly KeptTool[] {
  const alive = kept.filter(({ instanceId }) => instanceId === null || exists(instanceId));
  const key = keyOf(place);
  const { tool } = place;
  const instanceId = tool?.about === 'instance' ? place.instanceId : null;
  if (!tool || key === null || (instanceId !== null && !exists(instanceId))) return alive;
  const turn = Math.max(0, ...kept.map((item) => item.turn)) + 1;
  const shown = alive.some((item) => item.key === key)
    ? alive.map((item) => (item.key === key ? { ...item, turn } : item))
    : [...alive, { key, tool, instanceId, turn }];
  return withoutOldest(shown, tool);
}

function withoutOldest(kept: readonly KeptTool[], tool: Tool): readonly KeptTool[] {
  const mine = kept.filter((item) => item.tool.id === tool.id).sort((a, b) => b.turn - a.turn);
  const gone = new Set(mine.slice(tool.keep ?? keptByDefault).map(({ key }) => key));
  return gone.size > 0 ? kept.filter(({ key }) => !gone.has(key)) : kept;
}
