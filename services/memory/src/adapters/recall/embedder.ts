import { MosaicError } from '@mosaic/proto';
import type { Clock } from '@mosaic/service-kit';
import { addInstruction } from '../../app/recall/embeddings/add-instruction.ts';
import { normalized } from '../../app/recall/embeddings/compare-vectors.ts';

/** A search waits so long for its question's vector; a model that is loading takes longer. */
const questionTimeoutMs = 800;
const documentsTimeoutMs = 120_000;
/** After a failure nobody waits again for so long. */
const restMs = 20_000;
const mostRemembered = 500;

/** Vectors of texts, in order, by a model; providers' own on the bus. Throws what stood in the way. */
export type CreateVectors = (
  texts: readonly string[],
  ask: { readonly model: string; readonly timeoutMs: number; readonly signal?: AbortSignal },
) => Promise<readonly (readonly number[])[]>;

/** Turns texts into vectors of length 1, on a local Ollama. */
export interface Embedder {
  readonly model: string;
  /** The vector of a question, or why there is none. Never throws: a search goes on without. */
  question(
    text: string,
    ask: { readonly model: string; readonly userId: string },
  ): Promise<Float32Array | { readonly away: string }>;
  /** Forgets the questions of a user. */
  forget(userId: string): void;
  /** Vectors of passages, in order. Throws what providers threw. */
  passages(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]>;
}

/** Has vectors of `model` made; remembers the last questions of each user. */
export function makeEmbedder(create: CreateVectors, clock: Clock, model: string): Embedder {
  const remembered = new Map<string, Float32Array>();
  const underWay = new Map<string, Promise<Float32Array | { readonly away: string }>>();
  let restsUntil = 0;
  let reason = '';

  const embed = async (...[texts, ask]: Parameters<CreateVectors>) => {
    const vectors = await create(texts, ask);
    return vectors.map((vector) => {
      const unit = normalized(vector);
      if (unit === null) throw new MosaicError('provider_failed', `${ask.model} gave no vector.`);
      return unit;
    });
  };

  const askFor = async (key: string, text: string, model: string) => {
    try {
      const asked = addInstruction(text, { model, use: 'query' });
      const [vector] = await embed([asked], { model, timeoutMs: questionTimeoutMs });
      if (vector === undefined) return { away: `${model} gave no vector` };
      // A user who was forgotten meanwhile is not remembered by what comes late.
      if (underWay.has(key)) remembered.set(key, vector);
      const oldest = remembered.keys().next().value;
      if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest);
      return vector;
    } catch (thrown) {
      restsUntil = clock.now() + restMs;
      reason = thrown instanceof MosaicError ? thrown.message : 'Ollama does not answer';
      return { away: reason };
    } finally {
      underWay.delete(key);
    }
  };

  return {
    model,
    async question(text, ask) {
      const key = `${ask.userId} ${ask.model} ${text}`;
      const known = remembered.get(key) ?? underWay.get(key);
      if (known !== undefined) return known;
      if (clock.now() < restsUntil) return { away: reason };
      const asking = askFor(key, text, ask.model);
      underWay.set(key, asking);
      return asking;
    },
    forget(userId) {
      for (const questions of [remembered, underWay]) {
        for (const key of questions.keys()) {
          if (key.startsWith(`${userId} `)) questions.delete(key);
        }
      }
    },
    passages: (texts, signal) =>
      embed(
        texts.map((text) => addInstruction(text, { model, use: 'document' })),
        { model, timeoutMs: documentsTimeoutMs, signal },
      ),
  };
}
