import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { ProviderName } from '@mosaic/proto';
import { Ajv, type AnySchema, type ValidateFunction } from 'ajv';
import { createGenerator, type Schema } from 'ts-json-schema-generator';

const typeNames: Readonly<Record<ProviderName, string>> = {
  anthropic: 'AnthropicRequest',
  openai: 'OpenAiRequest',
  openrouter: 'OpenRouterRequest',
  zai: 'ZaiRequest',
  ollama: 'OllamaRequest',
};

/**
 * Validators of the vendors' request types, made from the declarations of the SDKs that are installed
 * now. Strict: an object may have no field that the type does not name.
 */
export function publishedValidators(): Readonly<Record<ProviderName, ValidateFunction>> {
  const generator = createGenerator({
    path: join(import.meta.dirname, 'published-types.ts'),
    // Without it the types of a package with `exports` are not found, and everything is allowed.
    tsconfig: join(import.meta.dirname, '../../../../tsconfig.json'),
    expose: 'none',
    topRef: false,
    jsDoc: 'none',
    skipTypeCheck: true,
    additionalProperties: false,
  });
  const ajv = new Ajv({ strict: false, allErrors: false });
  const compile = (name: ProviderName) => {
    const schema = generator.createSchema(typeNames[name]);
    assert.ok(schema.properties?.['model'], `the type of ${name} was found`);
    // The same draft by two packages, whose types differ in how they write "maybe".
    return ajv.compile(loosen(name, schema) as AnySchema);
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
function loosen(name: ProviderName, schema: Schema): Schema {
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
