import { createEmbedding } from '@mosaic/proto';
import type { Bus, Clock, Logger, Stoppable } from '@mosaic/service-kit';
import type { MemoryStore } from '../../stores/memory-store.ts';
import { type CreateVectors, makeEmbedder } from './embedder.ts';
import { fillEmbeddings } from './fill-embeddings.ts';
import { openIndexCache } from './index-cache.ts';
import { openRecall, type Recall } from './open-recall.ts';
import { builtinVectors, openQuestionVectors } from './question-vectors.ts';
import { serveEmbeddings } from './serve-embeddings.ts';

export interface RecallSurroundings {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  readonly store: MemoryStore;
  readonly config: { readonly embeddings: 'ollama' | 'builtin'; readonly embeddingModel: string };
}

export interface RunningRecall extends Stoppable {
  readonly recall: Recall;
  /** Says that a user's passages may have changed. */
  note(userId: string): void;
}

/** Search with vectors of Ollama's model, or with the built-in ones alone, as the settings say. */
export function startRecall({ bus, clock, config, log, store }: RecallSurroundings): RunningRecall {
  const indexes = openIndexCache(store);
  if (config.embeddings === 'builtin') {
    serveEmbeddings(bus, { store, filler: null, model: null });
    const recall = openRecall({ store, indexes, vectors: builtinVectors, clock });
    return { recall, note: indexes.note, stop: async () => {} };
  }
  const create: CreateVectors = async (texts, { model, ...options }) =>
    (await bus.call(createEmbedding, { texts: [...texts], model }, options)).vectors;
  const embedder = makeEmbedder(create, clock, config.embeddingModel);
  const vectors = openQuestionVectors(store, embedder);
  const filler = fillEmbeddings({ store, embedder, log, onKept: vectors.note });
  serveEmbeddings(bus, { store, filler, model: config.embeddingModel });
  return {
    recall: openRecall({ store, indexes, vectors, clock }),
    note(userId) {
      indexes.note(userId);
      filler.note(userId);
    },
    stop: filler.stop,
  };
}
