import type { IncomingHttpHeaders } from 'node:http';
import type { Failure } from '../wire/dialect.ts';
import { asList, asRecord, asText, type JsonRecord, textOfContent } from '../wire/loose-json.ts';
import {
  findUnansweredCalls,
  type SeenRequest,
  type SeenTool,
  type SeenTurn,
} from '../wire/seen-request.ts';

function readMessage(value: unknown): readonly SeenTurn[] {
  const message = asRecord(value);
  const blocks = asList(message['content']).map(asRecord);
  const results = blocks
    .filter((block) => block['type'] === 'tool_result')
    .map(
      (block): SeenTurn => ({
        role: 'tool',
        text: textOfContent(block['content']),
        callId: asText(block['tool_use_id']),
      }),
    );
  const calls = blocks
    .filter((block) => block['type'] === 'tool_use')
    .map((block) => ({ id: asText(block['id']), name: asText(block['name']) }));
  const text = textOfContent(message['content']);
  if (message['role'] === 'assistant') return [{ role: 'assistant', text, calls }];
  if (results.length > 0 && text === '') return results;
  return [...results, { role: 'user', text }];
}

function readTool(value: unknown): SeenTool {
  const tool = asRecord(value);
  return {
    name: asText(tool['name']),
    description: asText(tool['description']),
    parameters: asRecord(tool['input_schema']),
  };
}

function findProblem(body: JsonRecord, headers: IncomingHttpHeaders): Failure | undefined {
  if (headers['anthropic-version'] === undefined) {
    return { kind: 'invalid-request', message: 'anthropic-version: header is required' };
  }
  for (const field of ['model', 'max_tokens', 'messages']) {
    if (body[field] === undefined) {
      return { kind: 'invalid-request', message: `${field}: Field required`, field };
    }
  }
  if (asList(body['messages']).length === 0) {
    return { kind: 'invalid-request', message: 'messages: at least one message is required' };
  }
  return undefined;
}

/** Reads the body of POST /v1/messages. */
export function readMessages(
  body: JsonRecord,
  headers: IncomingHttpHeaders,
): SeenRequest | Failure {
  const problem = findProblem(body, headers);
  if (problem !== undefined) return problem;
  const turns = asList(body['messages']).flatMap(readMessage);
  const callIds = findUnansweredCalls(turns);
  if (callIds.length > 0) return { kind: 'unanswered-calls', callIds };
  const thinking = asRecord(body['thinking'])['type'];
  const format = asRecord(asRecord(body['output_config'])['format']);
  return {
    model: asText(body['model']),
    isStreamed: body['stream'] === true,
    system: textOfContent(body['system']),
    turns,
    tools: asList(body['tools']).map(readTool),
    wantsThinking: thinking === 'enabled' || thinking === 'adaptive',
    maxTokens: Number(body['max_tokens']),
    ...(format['type'] === 'json_schema' ? { jsonSchema: asRecord(format['schema']) } : {}),
    body,
  };
}
