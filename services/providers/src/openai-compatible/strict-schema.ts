import type { SchemaSupport } from '../app/vendor/vendor-port.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Words that a strict schema must not have, after the guide to structured outputs. */
const looseWords = ['oneOf', 'allOf', 'not', 'if', 'dependentRequired', 'patternProperties'];

/** Whether the vendor promises that an answer follows a schema, or only tries. */
export function supportOfSchema(schema: Schema): SchemaSupport {
  return isStrictSchema(schema) ? 'promised' : 'loose';
}

/**
 * True when a schema has the strict form: an object at the top, every object closed, every property
 * required. Any other one is refused as strict, and taken as a wish.
 */
export function isStrictSchema(schema: Schema): boolean {
  return schema['type'] === 'object' && isStrictPart(schema);
}

function isStrictPart(part: unknown): boolean {
  if (Array.isArray(part)) return part.every(isStrictPart);
  if (typeof part !== 'object' || part === null) return true;
  const schema: Schema = { ...part };
  if (looseWords.some((word) => word in schema)) return false;
  if (schema['type'] === 'object' && !isClosed(schema)) return false;
  const maps = [schema['properties'], schema['$defs']].map((map) =>
    Object.values(Object(map ?? {})),
  );
  return isStrictPart([...maps.flat(), schema['items'], schema['anyOf']]);
}

function isClosed(schema: Schema): boolean {
  const required: unknown = schema['required'];
  const names = Object.keys(Object(schema['properties'] ?? {}));
  const isComplete = Array.isArray(required) && names.every((name) => required.includes(name));
  return schema['additionalProperties'] === false && (names.length === 0 || isComplete);
}
