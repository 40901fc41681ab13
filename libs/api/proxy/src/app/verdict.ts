import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import { AppError, type Gate, type GateTarget, type GateVerdict } from '@aikore/api/kernel';

const logger = new Logger('Proxy');

/** The gate's verdict. A gate that fails lets nobody in. */
export function verdictOf(gate: Gate, request: IncomingMessage, target: GateTarget): GateVerdict {
  try {
    return gate.judge(request, target);
  } catch (cause) {
    logger.error('The gate failed', cause instanceof Error ? cause.stack : String(cause));
    const message = 'Something went wrong in the server. Its log has the details.';
    return { refused: new AppError('internal', message, { cause }) };
  }
}
