const header = /^\s*bearer\s+(aik_\S*)\s*$/i;

/** The API token in an Authorization header, when it is one of ours by its looks; other bearers belong to apps. */
export const ownBearer = (authorization: string | undefined): string | null =>
  authorization === undefined ? null : (header.exec(authorization)?.[1] ?? null);
