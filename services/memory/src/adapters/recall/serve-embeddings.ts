import { readEmbeddingStatus } from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import type { MemoryStore } from '../../stores/memory-store.ts';
import type { EmbeddingFiller } from './fill-embeddings.ts';

export interface EmbeddingParts {
  readonly store: Pick<MemoryStore, 'readCoverage'>;
  /** Null with the built-in vectors alone. */
  readonly filler: EmbeddingFiller | null;
  readonly model: string | null;
}

const builtinNote =
  'Keywords and light semantics (English only); install Ollama for full semantic search.';

/** Answers how far the vectors of the caller's passages have come. */
export function serveEmbeddings(bus: Bus, { store, filler, model }: EmbeddingParts): void {
  bus.handle(readEmbeddingStatus, async (_request, { caller }) => {
    const { texts, models } = await store.readCoverage(caller.userId);
    const done = models.find((one) => one.model === model)?.texts ?? 0;
    if (filler === null) {
      return {
        mode: 'builtin' as const,
        model,
        state: 'ready' as const,
        texts,
        done,
        note: builtinNote,
      };
    }
    const { state, reason } = filler.progress();
    const note =
      state === 'away'
        ? `${builtinNote} ${model} does not answer: ${reason}`
        : `${done} of ${texts} texts have their vector of ${model}.`;
    return { mode: 'ollama' as const, model, state, texts, done, note };
  });
}
