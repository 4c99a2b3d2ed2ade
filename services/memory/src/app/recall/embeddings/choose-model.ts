import type { SearchSignals } from '@mosaic/proto';

/** How many of a user's texts have a vector, by model. */
export interface ModelCoverage {
  readonly texts: number;
  readonly models: readonly { readonly model: string; readonly texts: number }[];
}

/** From this share on, the new model's vectors are worth more than the old one's. */
const enough = 0.9;
/** Below it, a vector would only lift the few passages that have one. */
const least = 0.5;

export interface ChosenModel {
  readonly model: string;
  /** From 0 to 1. */
  readonly share: number;
}

/**
 * The one model whose vectors a search compares: the installation's own as soon as nearly all texts
 * have its vector, until then the one that most have. Null when no model has half of them.
 */
export function chooseModel(wanted: string, { texts, models }: ModelCoverage): ChosenModel | null {
  const shares = models.map((one) => ({
    model: one.model,
    share: Math.min(1, one.texts / Math.max(1, texts)),
  }));
  const own = shares.find(({ model }) => model === wanted);
  if (own !== undefined && own.share >= enough) return own;
  const [best] = shares.toSorted((left, right) => right.share - left.share);
  return best !== undefined && best.share >= least ? best : null;
}

const light =
  'Keywords and light semantics (English only); install Ollama for full semantic search.';

/** What a search without an embedding model says of itself. */
export function staticSignals(why?: string): SearchSignals {
  const note = why === undefined ? light : `${light} No vectors of a model now: ${why}`;
  return { words: true, meaning: 'static', note };
}

/** What a search with vectors of a model says of itself. */
export function embeddingSignals(chosen: ChosenModel, wanted: string): SearchSignals {
  const percent = Math.floor(chosen.share * 100);
  const note =
    chosen.model === wanted
      ? `Keywords and vectors of ${chosen.model} (${percent} % of the passages have one).`
      : `Keywords and vectors of ${chosen.model}, until those of ${wanted} are made.`;
  return { words: true, meaning: 'embedding', model: chosen.model, coverage: chosen.share, note };
}
