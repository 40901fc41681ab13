/** SQL default of a time column: now, in the text that `Date.prototype.toISOString` writes. */
export const isoNow = (): string => "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";
