import { type CompletionPart, MosaicError } from '@mosaic/proto';
import { Router } from 'express';
import { type OpenedCompletion, openCompletion } from '../adapters/door/open-completion.ts';
import { beginStream, whenGone, write } from '../adapters/door/write-stream.ts';
import { traceIdOf, type Visit } from '../adapters/http/visit.ts';
import { type MessageIdentity, toAnthropicError, toMessage } from '../app/door/anthropic-answer.ts';
import { type MessageEvent, MessageEvents } from '../app/door/anthropic-events.ts';
import { readMessagesRequest } from '../app/door/anthropic-request.ts';
import type { DoorParts } from './door-openai.ts';

/** `/v1/messages`: for programs that speak Anthropic's API. */
export function anthropicDoor(parts: DoorParts): Router {
  const router = Router();
  router.post(
    '/',
    parts.access.person((visit) => answer(parts, visit)),
  );
  return router;
}

async function answer({ bus, catalogue }: DoorParts, visit: Visit): Promise<undefined> {
  const { caller, request, response, trace } = visit;
  const wish = readMessagesRequest(request.body);
  const signal = whenGone(response);
  const opened = await openCompletion({ bus, caller, catalogue, trace, signal }, wish);
  const identity = { id: `msg_${traceIdOf(trace)}`, model: opened.model };
  if (wish.isStreamed) await stream(visit, opened, identity);
  else await answerWhole(visit, opened, identity);
}

async function answerWhole(
  { response }: Visit,
  opened: OpenedCompletion,
  identity: MessageIdentity,
): Promise<void> {
  const parts: CompletionPart[] = [];
  for await (const part of opened.parts) {
    if (part.type === 'error') throw new MosaicError(part.failure.code, part.failure.message);
    parts.push(part);
  }
  response.set(opened.headers).json(toMessage(identity, parts));
}

async function stream(
  { response, trace }: Visit,
  opened: OpenedCompletion,
  identity: MessageIdentity,
): Promise<void> {
  const events = new MessageEvents(identity);
  beginStream(response, opened.headers);
  for await (const part of opened.parts) {
    if (part.type === 'error') {
      // The headers are gone: the clients of Anthropic read an error in the stream.
      const failure = new MosaicError(part.failure.code, part.failure.message);
      const { body } = toAnthropicError(failure, traceIdOf(trace));
      await write(response, eventText({ type: 'error', ...body }));
      break;
    }
    for (const event of events.take(part)) await write(response, eventText(event));
  }
  response.end();
}

function eventText(event: MessageEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
