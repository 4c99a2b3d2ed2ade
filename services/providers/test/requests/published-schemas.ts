import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';
import type { PublishedRequests } from './published-types.ts';

/**
 * Validators of the vendors' request types, made from the declarations of the SDKs that are installed
 * now. Strict: an object may have no field that the type does not name.
 */
export function publishedValidators(): Record<keyof PublishedRequests, ValidateFunction> {
  const { properties = {} } = createGenerator({
    path: join(import.meta.dirname, 'published-types.ts'),
    // Without it the types of a package with `exports` are not found, and everything is allowed.
    tsconfig: join(import.meta.dirname, '../../../../tsconfig.json'),
    expose: 'none',
    topRef: false,
    jsDoc: 'none',
    skipTypeCheck: true,
    additionalProperties: false,
  }).createSchema('PublishedRequests');
  const ajv = new Ajv({ strict: false });
  const compile = (name: keyof PublishedRequests) => {
    const schema = Object(properties[name]);
    at(schema, ['properties', 'model']);
    return ajv.compile(loosen(name, schema));
  };
  return {
    anthropic: compile('anthropic'),
    openai: compile('openai'),
    openrouter: compile('openrouter'),
    zai: compile('zai'),
    ollama: compile('ollama'),
  };
}

/** Where a published type is narrower than what its vendor documents. */
function loosen(name: keyof PublishedRequests, schema: object): object {
  if (name === 'ollama') {
    // The type names a few words of JSON Schema; the server takes any.
    at(schema, ['properties', 'tools', 'items', 'properties', 'function', 'properties'])[
      'parameters'
    ] = { type: 'object' };
  }
  if (name === 'zai') {
    // docs.z.ai: `thinking` and `tool_stream` of the request, `reasoning_content` of an answer.
    Object.assign(at(schema, ['properties']), {
      thinking: {
        type: 'object',
        properties: {
          type: { enum: ['enabled', 'disabled'] },
          clear_thinking: { type: 'boolean' },
        },
        required: ['type'],
        additionalProperties: false,
      },
      tool_stream: { type: 'boolean' },
    });
    const kinds = at(schema, ['properties', 'messages', 'items', 'anyOf']);
    for (const kind of Object.values(kinds)) {
      const properties = at(kind, ['properties']);
      if (JSON.stringify(properties['role']).includes('assistant')) {
        properties['reasoning_content'] = { type: 'string' };
      }
    }
  }
  return schema;
}

/** The object at a path; fails loudly when a new SDK has another shape there. */
function at(schema: unknown, path: readonly string[]): Record<string, unknown> {
  let current = schema;
  for (const key of path) current = Object(current)[key];
  if (typeof current !== 'object' || current === null) {
    throw new TypeError(`the published type has nothing at ${path.join('.')}`);
  }
  return current as Record<string, unknown>;
}
