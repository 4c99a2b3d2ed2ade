import { type CreateVectors, makeEmbedder } from '@mosaic/memory/adapters/recall/embedder';
import { fillUser } from '@mosaic/memory/adapters/recall/fill-embeddings';
import {
  openQuestionVectors,
  type QuestionVectors,
} from '@mosaic/memory/adapters/recall/question-vectors';
import { z } from 'zod';
import type { Stand } from './stand.ts';

const embedReply = z.object({ embeddings: z.array(z.array(z.number())) });

/** An Ollama with a model that embeds, and how many questions it had a vector for. */
export interface OllamaVectors {
  readonly vectors: QuestionVectors;
  /** Gives all texts of a user their vectors. */
  fill(userId: string): Promise<void>;
  readonly asked: { withVector: number; without: number };
}

/** The service's own vectors, made by an Ollama; the reason where none answers with that model. */
export async function openOllama(
  store: Stand['store'],
  { model, url }: { readonly model: string; readonly url: string },
): Promise<OllamaVectors | { readonly missing: string }> {
  const create: CreateVectors = async (texts, ask) => {
    const limit = AbortSignal.timeout(ask.timeoutMs);
    const reply = await fetch(`${url.replace(/\/+$/, '')}/api/embed`, {
      method: 'POST',
      body: JSON.stringify({ model: ask.model, input: texts }),
      signal: ask.signal === undefined ? limit : AbortSignal.any([ask.signal, limit]),
    });
    if (!reply.ok) throw new Error(`${reply.status} ${(await reply.text()).slice(0, 200)}`);
    return embedReply.parse(await reply.json()).embeddings;
  };
  try {
    await create(['Is anybody there?'], { model, timeoutMs: 60_000 });
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return { missing: `${model} of an Ollama at ${url} is left out: ${why}` };
  }
  const embedder = makeEmbedder(create, { now: () => Date.now() }, model);
  const vectors = openQuestionVectors(store, embedder);
  const asked = { withVector: 0, without: 0 };
  return {
    asked,
    vectors: {
      ...vectors,
      async of(userId, ask) {
        const compared = await vectors.of(userId, ask);
        if (compared.likenesses === undefined) asked.without += 1;
        else asked.withVector += 1;
        return compared;
      },
    },
    fill: (userId) =>
      fillUser({ store, embedder, onKept: vectors.note }, userId, {
        signal: new AbortController().signal,
        done: { texts: 0 },
        tidied: new Set(),
      }),
  };
}
