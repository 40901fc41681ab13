import * as z from 'zod';
import {
  apiToken,
  blueprint,
  instance,
  me,
  portPool,
  progress,
  run,
  statusReason,
  terminalEnding,
  terminalSession,
  wireError,
} from '@aikore/contract';

/** The part of JSON Schema that our Zod schemas turn into. */
export interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  default?: unknown;
}

type Io = 'input' | 'output';

/** Shapes that have a name of their own, so that a page describes each of them once. */
export const named = {
  apiToken,
  blueprint,
  instance,
  me,
  portPool,
  progress,
  run,
  statusReason,
  terminalEnding,
  terminalSession,
  wireError,
};

const registry = z.registry<{ id: string }>();
for (const [name, schema] of Object.entries(named)) registry.add(schema as z.ZodType, { id: capital(name) });

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** @param io what a client sends (`input`), or what it receives (`output`) */
export function jsonSchemaOf(schema: z.ZodType, io: Io): JsonSchema {
  return z.toJSONSchema(schema, {
    io,
    metadata: registry,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // Binary has no JSON Schema: `z.custom` is the only schema of ours without one.
      if (zodSchema._zod.def.type === 'custom') (jsonSchema as JsonSchema).type = 'bytes';
    },
  }) as JsonSchema;
}

/** A Markdown table of an object's fields; a sentence for anything else. */
export function schemaTable(schema: JsonSchema): string {
  const target = schema.$ref ? undefined : objectOf(schema);
  const fields = Object.entries(target?.properties ?? {});
  if (schema.$ref || !target) return `${typeOf(schema)}\n`;
  if (fields.length === 0) return 'No fields.\n';
  const rows = fields.map(([name, field]) => {
    const optional = target.required?.includes(name) ? '' : 'optional';
    return `| \`${name}\` | ${typeOf(field)} | ${[optional, limitsOf(field)].filter(Boolean).join('; ')} |`;
  });
  return ['| field | type | |', '|---|---|---|', ...rows, ''].join('\n');
}

function objectOf(schema: JsonSchema): JsonSchema | undefined {
  if (schema.type === 'object') return schema;
  return (schema.anyOf ?? []).map(objectOf).find((found) => found !== undefined);
}

/** `integer or null`, `array of [Run](#run)`, `"capped" or "slow"`. */
export function typeOf(schema: JsonSchema): string {
  if (schema.$ref) return referenceTo(schema.$ref);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.map(typeOf).join(' or ');
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum) return schema.enum.map(literal).join(' or ');
  if (schema.type === 'array') return `array of ${typeOf(schema.items ?? {})}`;
  if (schema.type === 'object') return objectText(schema);
  return [schema.type ?? 'anything'].flat().join(' or ');
}

/** A nested object in one cell: `{from: integer, to: integer}`. */
function objectText(schema: JsonSchema): string {
  const fields = Object.entries(schema.properties ?? {});
  const optional = (name: string): string => (schema.required?.includes(name) ? '' : '?');
  return fields.length === 0
    ? 'object'
    : `{${fields.map(([name, field]) => `${name}${optional(name)}: ${typeOf(field)}`).join(', ')}}`;
}

const literal = (value: unknown): string => `\`${JSON.stringify(value)}\``;

function referenceTo(ref: string): string {
  const name = ref.split('/').at(-1) ?? ref;
  return `[${name}](#${name.toLowerCase()})`;
}

function limitsOf(schema: JsonSchema): string {
  const plain = schema.anyOf?.find(({ type }) => type !== 'null') ?? schema;
  const most = plain.maximum === Number.MAX_SAFE_INTEGER ? undefined : plain.maximum;
  const least = plain.minimum === Number.MIN_SAFE_INTEGER ? undefined : plain.minimum;
  return [
    span(least, most, ''),
    span(plain.minLength, plain.maxLength, ' characters'),
    schema.default === undefined ? '' : `default ${literal(schema.default)}`,
  ]
    .filter(Boolean)
    .join('; ');
}

function span(least: number | undefined, most: number | undefined, unit: string): string {
  if (least !== undefined && most !== undefined) return `${least} to ${most}${unit}`;
  if (most !== undefined) return `at most ${most}${unit}`;
  return least !== undefined && least > 0 ? `at least ${least}${unit}` : '';
}

/** The sections of the named shapes that `schemas` lead to, in the order of their names. */
export function namedSections(schemas: readonly JsonSchema[], io: Io = 'output'): string {
  const wanted = new Set<string>();
  const visit = (schema: JsonSchema): void => {
    for (const ref of JSON.stringify(schema).matchAll(/"#\/\$defs\/([A-Za-z]+)"/g)) {
      const name = ref[1];
      if (name === undefined || wanted.has(name)) continue;
      wanted.add(name);
      const definition = definitionOf(name, io);
      if (definition) visit(definition);
    }
  };
  schemas.forEach(visit);
  return [...wanted]
    .sort()
    .map((name) => `### ${name}\n\n${schemaTable(definitionOf(name, io) ?? {})}`)
    .join('\n');
}

function definitionOf(name: string, io: Io): JsonSchema | undefined {
  const entry = Object.entries(named).find(([key]) => capital(key) === name);
  if (!entry) return undefined;
  const { $ref, $defs, ...own } = jsonSchemaOf(entry[1] as z.ZodType, io);
  return $ref ? $defs?.[name] : own;
}
