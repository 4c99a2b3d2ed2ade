import { transformJSONSchema } from '@anthropic-ai/sdk/lib/transform-json-schema';
import type { SchemaSupport } from '../app/vendor/vendor-port.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Whether the API can be held to a schema: it refuses recursion and parts without a type. */
export function supportOfSchema(schema: Schema): SchemaSupport {
  if (isRecursive(schema)) return 'refused';
  try {
    toFormatSchema(schema);
    return 'promised';
  } catch {
    return 'refused';
  }
}

/** The schema as the API takes it: the SDK closes objects and writes limits as descriptions. */
export function toFormatSchema(schema: Schema): Record<string, unknown> {
  // The SDK's parameter is typed for literals; it copies what it gets before it changes anything.
  return { ...transformJSONSchema(schema as Parameters<typeof transformJSONSchema>[0]) };
}

/** True when a definition leads back to itself, or a reference leads out of the definitions. */
function isRecursive(schema: Schema): boolean {
  const definitions = new Map(Object.entries(Object(schema['$defs'] ?? {})));
  const visit = (value: unknown, path: readonly string[]): boolean => {
    if (typeof value !== 'object' || value === null) return false;
    return Object.entries(value).some(([key, inner]) => {
      if (key === '$defs' && value === schema) return false;
      if (key !== '$ref' || typeof inner !== 'string') return visit(inner, path);
      const name = inner.replace('#/$defs/', '');
      return (
        path.includes(name) ||
        !definitions.has(name) ||
        visit(definitions.get(name), [...path, name])
      );
    });
  };
  return visit(schema, []);
}
