import type { Failure } from '../wire/dialect.ts';
import { asList, asRecord, asText, type JsonRecord, textOfContent } from '../wire/loose-json.ts';
import {
  findUnansweredCalls,
  type SeenRequest,
  type SeenTool,
  type SeenTurn,
} from '../wire/seen-request.ts';

const systemRoles: readonly unknown[] = ['system', 'developer'];

function readTurn(message: JsonRecord): SeenTurn {
  const text = textOfContent(message['content']);
  if (message['role'] === 'tool') {
    return { role: 'tool', text, callId: asText(message['tool_call_id']) };
  }
  if (message['role'] !== 'assistant') return { role: 'user', text };
  const calls = asList(message['tool_calls'])
    .map(asRecord)
    .map((call) => ({ id: asText(call['id']), name: asText(asRecord(call['function'])['name']) }));
  return { role: 'assistant', text, calls };
}

export function readFunctionTool(value: unknown): SeenTool {
  const declared = asRecord(asRecord(value)['function']);
  return {
    name: asText(declared['name']),
    description: asText(declared['description']),
    parameters: asRecord(declared['parameters']),
  };
}

function readLimit(body: JsonRecord): { maxTokens?: number } {
  const limit = body['max_completion_tokens'] ?? body['max_tokens'];
  return typeof limit === 'number' ? { maxTokens: limit } : {};
}

function readJsonSchema(body: JsonRecord): { jsonSchema?: JsonRecord } {
  const format = asRecord(body['response_format']);
  if (format['type'] === 'json_object') return { jsonSchema: {} };
  if (format['type'] !== 'json_schema') return {};
  return { jsonSchema: asRecord(asRecord(format['json_schema'])['schema']) };
}

/** Reads a chat completions body, the same for OpenAI, OpenRouter and Z.ai. */
export function readChat(body: JsonRecord, wantsThinking: boolean): SeenRequest | Failure {
  if (typeof body['model'] !== 'string') {
    return {
      kind: 'invalid-request',
      message: 'you must provide a model parameter',
      field: 'model',
    };
  }
  const messages = asList(body['messages']).map(asRecord);
  if (messages.length === 0) {
    return {
      kind: 'invalid-request',
      message: "Missing required parameter: 'messages'.",
      field: 'messages',
    };
  }
  const turns = messages.filter(({ role }) => !systemRoles.includes(role)).map(readTurn);
  const callIds = findUnansweredCalls(turns);
  if (callIds.length > 0) return { kind: 'unanswered-calls', callIds };
  const system = messages.filter(({ role }) => systemRoles.includes(role));
  return {
    model: body['model'],
    isStreamed: body['stream'] === true,
    system: system.map(({ content }) => textOfContent(content)).join('\n\n'),
    turns,
    tools: asList(body['tools']).map(readFunctionTool),
    wantsThinking,
    ...readLimit(body),
    ...readJsonSchema(body),
    body,
  };
}
