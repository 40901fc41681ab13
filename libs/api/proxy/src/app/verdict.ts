import type { IncomingMessage } from 'node:http';
import { AppError, type Gate, type GateTarget, type GateVerdict } from '@aikore/api/kernel';

const broken = (cause: unknown): GateVerdict => ({
  refused: new AppError('internal', 'Something went wrong in the server. Its log has the details.', { cause }),
});

/** Hand the gate's verdict on: at once where there is one at once. A gate that fails lets nobody in. */
export function withVerdict(
  gate: Gate,
  request: IncomingMessage,
  target: GateTarget,
  then: (verdict: GateVerdict) => void,
): void {
  let verdict: GateVerdict | Promise<GateVerdict>;
  try {
    verdict = gate.judge(request, target);
  } catch (cause) {
    verdict = broken(cause);
  }
  if (verdict instanceof Promise) void verdict.catch(broken).then(then);
  else then(verdict);
}
