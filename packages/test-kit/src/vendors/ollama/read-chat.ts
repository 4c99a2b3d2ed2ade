import { readFunctionTool } from '../chat-completions/read-chat.ts';
import type { Failure } from '../wire/dialect.ts';
import { asList, asRecord, asText, type JsonRecord } from '../wire/loose-json.ts';
import type { SeenRequest, SeenTurn } from '../wire/seen-request.ts';
import { findLocalModel } from './models.ts';

function readTurn(message: JsonRecord): SeenTurn {
  const text = asText(message['content']);
  if (message['role'] === 'tool') {
    return { role: 'tool', text, toolName: asText(message['tool_name']) };
  }
  if (message['role'] !== 'assistant') return { role: 'user', text };
  const calls = asList(message['tool_calls'])
    .map(asRecord)
    .map((call) => ({ id: '', name: asText(asRecord(call['function'])['name']) }));
  return { role: 'assistant', text, calls };
}

function findRefusal(body: JsonRecord): Failure | undefined {
  const name = asText(body['model']);
  const capabilities = findLocalModel(name)?.capabilities;
  // An unknown model is refused by the server, which asks every dialect.
  if (capabilities === undefined) return undefined;
  const refuse = (what: string): Failure => ({
    kind: 'invalid-request',
    message: `${JSON.stringify(name)} does not support ${what}`,
  });
  if (!capabilities.includes('completion')) return refuse('chat');
  if (asList(body['tools']).length > 0 && !capabilities.includes('tools')) return refuse('tools');
  const isThinkingAsked = body['think'] !== undefined && body['think'] !== false;
  if (isThinkingAsked && !capabilities.includes('thinking')) return refuse('thinking');
  return undefined;
}

function readFormat(format: unknown): { jsonSchema?: JsonRecord } {
  if (format === 'json') return { jsonSchema: {} };
  return typeof format === 'object' && format !== null ? { jsonSchema: asRecord(format) } : {};
}

/** Reads the body of POST /api/chat. Streaming is the default here. */
export function readChat(body: JsonRecord): SeenRequest | Failure {
  if (asText(body['model']) === '') {
    return { kind: 'invalid-request', message: 'model is required' };
  }
  const refusal = findRefusal(body);
  if (refusal !== undefined) return refusal;
  const messages = asList(body['messages']).map(asRecord);
  const limit = asRecord(body['options'])['num_predict'];
  const canThink =
    findLocalModel(asText(body['model']))?.capabilities.includes('thinking') === true;
  return {
    model: asText(body['model']),
    isStreamed: body['stream'] !== false,
    system: messages
      .filter(({ role }) => role === 'system')
      .map(({ content }) => asText(content))
      .join('\n\n'),
    turns: messages.filter(({ role }) => role !== 'system').map(readTurn),
    tools: asList(body['tools']).map(readFunctionTool),
    wantsThinking: canThink && body['think'] !== false,
    ...(typeof limit === 'number' && limit > 0 ? { maxTokens: limit } : {}),
    ...readFormat(body['format']),
    body,
  };
}
