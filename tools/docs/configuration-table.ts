import * as z from 'zod';
import { environmentSchema } from '../../libs/api/kernel/src/config/app-config';

/** The table of README.md: every variable that the server reads, its default, and what it is for. */
export function configurationTable(): string {
  const rows = Object.entries(environmentSchema.shape as Record<string, z.ZodType>).map(
    ([name, schema]) => `| \`${name}\` | ${defaultOf(schema)} | ${schema.description ?? ''} |`,
  );
  return ['| variable | default | |', '|---|---|---|', ...rows].join('\n');
}

function defaultOf(schema: z.ZodType): string {
  if (!(schema instanceof z.ZodDefault)) return '';
  const value: unknown = schema.def.defaultValue;
  if (typeof value === 'boolean') return value ? '`1`' : '`0`';
  if (Array.isArray(value)) return value.length > 0 ? `\`${value.join(',')}\`` : '';
  if (typeof value === 'object' && value !== null && 'from' in value && 'to' in value) {
    return `\`${String(value.from)}-${String(value.to)}\``;
  }
  return `\`${String(value)}\``;
}
