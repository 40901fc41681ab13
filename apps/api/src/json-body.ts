import { isUtf8 } from 'node:buffer';
import { json, type RequestHandler } from 'express';
import { AppError } from '@aikore/api/kernel';

const notUtf8 = 'The body is not valid UTF-8. Send JSON in UTF-8.';

/**
 * Reads JSON bodies. Decoders put U+FFFD in the place of bytes that they do not understand, so what would
 * be stored is not what was sent: such a body is refused, and so is JSON in any other encoding (RFC 8259 §8.1).
 *
 * @param limit most bytes of a body, as body-parser writes them
 */
export const jsonBody = (limit: '1mb' | '3mb'): RequestHandler =>
  json({
    limit,
    strict: false,
    verify: (_request, _response, body, encoding) => {
      if (!isUtf8(body) || encoding?.toLowerCase() !== 'utf-8') throw new AppError('validation_failed', notUtf8);
    },
  });
