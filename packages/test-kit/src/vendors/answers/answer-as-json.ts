import { asList, asRecord, asText, type JsonRecord } from '../wire/loose-json.ts';
import type { SeenRequest } from '../wire/seen-request.ts';

const MAX_DEPTH = 8;

function typeOf(schema: JsonRecord): string {
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  if (typeof type === 'string') return type;
  return schema['properties'] === undefined ? 'string' : 'object';
}

/** The smallest value a JSON Schema allows; texts are `text`. Knows no references. */
function smallestValue(schema: JsonRecord, text: string, depth: number): unknown {
  if (schema['const'] !== undefined) return schema['const'];
  const choices = asList(schema['enum']);
  if (choices.length > 0) return choices[0];
  const variants = [...asList(schema['anyOf']), ...asList(schema['oneOf'])];
  if (variants.length > 0) return smallestValue(asRecord(variants[0]), text, depth + 1);
  switch (depth > MAX_DEPTH ? 'null' : typeOf(schema)) {
    case 'object': {
      const properties = asRecord(schema['properties']);
      const names = asList(schema['required']).map(asText);
      return Object.fromEntries(
        names.map((name) => [name, smallestValue(asRecord(properties[name]), text, depth + 1)]),
      );
    }
    case 'array': {
      const count = Number(schema['minItems'] ?? 0);
      const item = smallestValue(asRecord(schema['items']), text, depth + 1);
      return Array.from({ length: count }, () => item);
    }
    case 'integer':
    case 'number':
      return Number(schema['minimum'] ?? 0);
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return text.slice(0, Number(schema['maxLength'] ?? text.length));
  }
}

/** An answer that has the asked-for form; it says nothing more than that it is simulated. */
export function answerAsJson({ model, turns }: SeenRequest, schema: JsonRecord): string {
  const question = turns.findLast(({ role }) => role === 'user')?.text ?? '';
  const note = `Simulated answer of ${model}`;
  if (Object.keys(schema).length === 0) return JSON.stringify({ note, question });
  return JSON.stringify(smallestValue(schema, note, 0));
}
