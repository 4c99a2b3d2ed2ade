import { type CompletionPart, createEmbedding, MosaicError } from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { Router } from 'express';
import { z } from 'zod';
import type { Catalogue } from '../adapters/catalogue.ts';
import { type OpenedCompletion, openCompletion } from '../adapters/door/open-completion.ts';
import { beginStream, whenGone, write } from '../adapters/door/write-stream.ts';
import { type Access, ok, type Reply, type Visit } from '../adapters/http/visit.ts';
import {
  type ChatIdentity,
  startChatChunks,
  toChatCompletion,
  toOpenAiError,
} from '../app/door/openai-answer.ts';
import { readChatRequest } from '../app/door/openai-request.ts';
import { readInput } from '../app/read-input.ts';

export interface DoorParts {
  readonly bus: Bus;
  readonly access: Access;
  readonly catalogue: Catalogue;
}

/** `/v1/models`, `/v1/chat/completions`, `/v1/embeddings`: for programs that speak OpenAI's API. */
export function openAiDoor(parts: DoorParts): Router {
  const { access, bus } = parts;
  const router = Router();
  router.get(
    '/models',
    access.person((visit) => models(parts, visit)),
  );
  router.post(
    '/chat/completions',
    access.person((visit) => chat(parts, visit)),
  );
  router.post(
    '/embeddings',
    access.person((visit) => embed(bus, visit)),
  );
  return router;
}

async function models({ catalogue }: DoorParts, { caller }: Visit): Promise<Reply> {
  const cards = await catalogue.models(caller);
  const agents = await catalogue.agents(caller).catch(() => []);
  const entry = (id: string, ownedBy: string) => ({
    id,
    object: 'model',
    created: 0,
    owned_by: ownedBy,
  });
  return ok({
    object: 'list',
    data: [
      entry('auto', 'mosaic'),
      ...agents.map((agent) => entry(`agent/${agent.name}`, 'mosaic')),
      ...cards
        .filter((card) => card.isAvailable)
        .map((card) => entry(`${card.provider}/${card.model}`, card.provider)),
    ],
  });
}

async function chat({ bus, catalogue }: DoorParts, visit: Visit): Promise<Reply | undefined> {
  const { caller, request, response, trace } = visit;
  const wish = readChatRequest(request.body);
  const signal = whenGone(response);
  const opened = await openCompletion({ bus, caller, catalogue, trace, signal }, wish);
  const identity: ChatIdentity = {
    id: `chatcmpl-${trace.slice(3, 35)}`,
    created: Math.floor(Date.now() / 1_000),
    model: opened.model,
  };
  if (wish.isStreamed) await streamChat(visit, opened, startChatChunks(identity, wish.wantsUsage));
  else await answerWhole(visit, opened, identity);
  return undefined;
}

async function answerWhole(
  { response }: Visit,
  opened: OpenedCompletion,
  identity: ChatIdentity,
): Promise<void> {
  const parts: CompletionPart[] = [];
  for await (const part of opened.parts) {
    if (part.type === 'error') throw new MosaicError(part.failure.code, part.failure.message);
    parts.push(part);
  }
  response.set(opened.headers).json(toChatCompletion(identity, parts));
}

async function streamChat(
  { response }: Visit,
  opened: OpenedCompletion,
  toChunks: ReturnType<typeof startChatChunks>,
): Promise<void> {
  beginStream(response, opened.headers);
  for await (const part of opened.parts) {
    if (part.type === 'error') {
      // The headers are gone: the clients of OpenAI read an error in the stream.
      const failure = new MosaicError(part.failure.code, part.failure.message);
      await write(response, `data: ${JSON.stringify(toOpenAiError(failure).body)}\n\n`);
      response.end();
      return;
    }
    for (const chunk of toChunks(part)) {
      await write(response, `data: ${JSON.stringify(chunk)}\n\n`);
    }
  }
  response.end('data: [DONE]\n\n');
}

const embeddingBody = z.looseObject({
  input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(256)]),
  model: z.string().min(1).max(240).optional(),
  encoding_format: z.enum(['float', 'base64']).nullish(),
});

/** Many texts go in batches, and the model may have to be loaded first. */
const embedTimeoutMs = 120_000;

async function embed(bus: Bus, { caller, request, trace }: Visit): Promise<Reply> {
  const { encoding_format: format, input, model } = readInput(embeddingBody, request.body);
  const named =
    model === undefined || model === 'auto' ? {} : { model: model.replace('ollama/', '') };
  const texts = typeof input === 'string' ? [input] : input;
  const made = await bus.call(
    createEmbedding,
    { texts, ...named },
    { caller, trace, timeoutMs: embedTimeoutMs },
  );
  const encode = (vector: readonly number[]) =>
    format === 'base64' ? Buffer.from(Float32Array.from(vector).buffer).toString('base64') : vector;
  return ok({
    object: 'list',
    model: made.model,
    data: made.vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: encode(vector),
    })),
    // The vendor counts no tokens for vectors; a number made up would be worse than none.
    usage: { prompt_tokens: 0, total_tokens: 0 },
  });
}
