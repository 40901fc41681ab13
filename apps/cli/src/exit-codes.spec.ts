import { describe, expect, it } from 'vitest';
import { exitCodes, refusal } from './exit-codes';

describe('refusal', () => {
  it.each([
    ['validation_failed', exitCodes.usage],
    ['unauthenticated', exitCodes.notAllowed],
    ['setup_required', exitCodes.notAllowed],
    ['forbidden', exitCodes.notAllowed],
    ['not_found', exitCodes.notFound],
    ['wrong_state', exitCodes.conflict],
    ['name_taken', exitCodes.conflict],
    ['timed_out', exitCodes.timedOut],
    ['unavailable', exitCodes.unreachable],
    ['start_failed', exitCodes.error],
    ['no_free_port', exitCodes.error],
    ['internal', exitCodes.error],
  ] as const)('%s ends with %i', (code, exitCode) => {
    expect(refusal({ code, message: 'No.' })).toMatchObject({ exitCode, code });
  });
});
