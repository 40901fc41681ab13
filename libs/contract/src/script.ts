import * as z from 'zod';

/** The largest script that can be edited, in bytes of UTF-8. */
export const maxScriptBytes = 1024 * 1024;
/** ShellCheck's time grows faster than a script: longer ones are not given to it. Bytes of UTF-8. */
export const maxCheckedBytes = 128 * 1024;

const wellFormed = (text: string): boolean => !/\p{Cs}/u.test(text);
const fits = (text: string): boolean => text.length <= maxScriptBytes && utf8Length(text) <= maxScriptBytes;
const utf8Length = (text: string): number => new TextEncoder().encode(text).byteLength;

/** The text of a script. What bash cannot read in any case is refused. */
export const scriptText = z
  .string()
  .refine(fits, 'must be at most 1 MiB')
  .refine((text) => !text.includes('\0'), 'must not hold NUL characters: bash drops them')
  .refine(wellFormed, 'must be text: it holds half a character');

/** SHA-256 of a script's bytes, as 64 hexadecimal digits: names one state of the file. */
export const scriptEtag = z.string().regex(/^[0-9a-f]{64}$/, 'must be the etag that the script was read with');

/** The launch.sh of an instance, or what it would become at the first start. */
export const instanceScript = z.object({
  content: z.string(),
  etag: scriptEtag,
  /** Below the data folder. */
  path: z.string(),
  /** False for a satellite: the script is its parent's. */
  is_own: z.boolean(),
  /** The instance that the script belongs to: a satellite's parent, else the instance itself. */
  owner: z.object({ id: z.number().int(), name: z.string() }),
  /** False before the first start: then `content` is the blueprint's. */
  exists: z.boolean(),
  /** Why it can be read but not saved, for a person; null: it can be saved. */
  read_only: z.string().nullable(),
  /** The blueprint it comes from; `etag` is null when that is gone or cannot be used. */
  blueprint: z.object({ filename: z.string(), etag: scriptEtag.nullable() }),
});
export type InstanceScript = z.infer<typeof instanceScript>;

/** `etag`: of the state that the edit was based on, else 409 `conflict` with the script as it is now. */
export const saveScript = z.object({ content: scriptText, etag: scriptEtag }).strict();

/** The text of a blueprint of the catalogue. */
export const blueprintText = z.object({
  filename: z.string(),
  source: z.enum(['stock', 'custom']),
  content: z.string(),
  etag: scriptEtag,
});
export type BlueprintText = z.infer<typeof blueprintText>;

/** The file of a custom blueprint: one plain name, and `.sh`. */
export const customBlueprintFilename = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}\.sh$/,
    'must be a name of letters, digits, "_" and "-" (100 at most, a letter or digit first), then .sh',
  );

export const saveBlueprint = z
  .object({
    filename: customBlueprintFilename,
    content: scriptText.refine((text) => text.trim() !== '', 'must not be empty'),
    /** Replace a custom blueprint of this name. */
    overwrite: z.boolean().default(false),
  })
  .strict();

/** A place in a script that deserves a look. Lines and columns count from 1; columns in whole characters. */
export const scriptFinding = z.object({
  line: z.number().int(),
  column: z.number().int(),
  end_line: z.number().int(),
  end_column: z.number().int(),
  level: z.enum(['error', 'warning', 'info', 'style']),
  /** ShellCheck's number (`SC2086` is 2086); null: the header of the blueprint. */
  code: z.number().int().nullable(),
  message: z.string(),
});
export type ScriptFinding = z.infer<typeof scriptFinding>;

export const scriptCheck = z.object({
  /** Whether ShellCheck looked at it. */
  available: z.boolean(),
  /** Why it did not, for a person. */
  note: z.string().nullable(),
  findings: z.array(scriptFinding),
});
export type ScriptCheck = z.infer<typeof scriptCheck>;
