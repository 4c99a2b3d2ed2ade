import type { Failure } from '../wire/dialect.ts';
import { asList, asRecord, asText, type JsonRecord, textOfContent } from '../wire/loose-json.ts';
import {
  findUnansweredCalls,
  type SeenRequest,
  type SeenTool,
  type SeenTurn,
} from '../wire/seen-request.ts';

const systemRoles: readonly unknown[] = ['system', 'developer'];

function readItem(item: JsonRecord): readonly SeenTurn[] {
  switch (item['type'] ?? 'message') {
    case 'message': {
      if (systemRoles.includes(item['role'])) return [];
      const role = item['role'] === 'assistant' ? 'assistant' : 'user';
      return [{ role, text: textOfContent(item['content']) }];
    }
    case 'function_call': {
      const call = { id: asText(item['call_id']), name: asText(item['name']) };
      return [{ role: 'assistant', text: '', calls: [call] }];
    }
    case 'function_call_output': {
      const text = textOfContent(item['output']);
      return [{ role: 'tool', text, callId: asText(item['call_id']) }];
    }
    default:
      return [];
  }
}

function readItems(input: unknown): readonly JsonRecord[] {
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  return asList(input).map(asRecord);
}

function readTool(value: unknown): readonly SeenTool[] {
  const tool = asRecord(value);
  if (tool['type'] !== 'function') return [];
  return [
    {
      name: asText(tool['name']),
      description: asText(tool['description']),
      parameters: asRecord(tool['parameters']),
    },
  ];
}

function readOptions(body: JsonRecord): { maxTokens?: number; jsonSchema?: JsonRecord } {
  const limit = body['max_output_tokens'];
  const format = asRecord(asRecord(body['text'])['format']);
  const isJson = format['type'] === 'json_schema' || format['type'] === 'json_object';
  return {
    ...(typeof limit === 'number' ? { maxTokens: limit } : {}),
    ...(isJson ? { jsonSchema: asRecord(format['schema']) } : {}),
  };
}

function readSystem(body: JsonRecord, items: readonly JsonRecord[]): string {
  const messages = items.filter(({ role }) => systemRoles.includes(role));
  return [asText(body['instructions']), ...messages.map(({ content }) => textOfContent(content))]
    .filter((text) => text !== '')
    .join('\n\n');
}

function readEffort(body: JsonRecord): boolean {
  const { effort } = asRecord(body['reasoning']);
  return typeof effort === 'string' && effort !== 'none';
}

/** Reads the body of POST /v1/responses. */
export function readResponses(body: JsonRecord): SeenRequest | Failure {
  for (const field of ['model', 'input']) {
    if (body[field] === undefined) {
      const message = `Missing required parameter: '${field}'.`;
      return { kind: 'invalid-request', message, field };
    }
  }
  const items = readItems(body['input']);
  const turns = items.flatMap(readItem);
  const [unanswered] = findUnansweredCalls(turns);
  if (unanswered !== undefined) {
    const message = `No tool output found for function call ${unanswered}.`;
    return { kind: 'invalid-request', message, field: 'input' };
  }
  return {
    model: asText(body['model']),
    isStreamed: body['stream'] === true,
    system: readSystem(body, items),
    turns,
    tools: asList(body['tools']).flatMap(readTool),
    wantsThinking: readEffort(body),
    ...readOptions(body),
    body,
  };
}
