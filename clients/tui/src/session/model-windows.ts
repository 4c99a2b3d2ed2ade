import type { RestClient } from '../connection/rest-client.ts';

const askAgainMs = 60_000;

/** How many tokens each model reads at most, asked for when it is first needed. */
export class ModelWindows {
  readonly #rest: Pick<RestClient, 'listModels'>;
  readonly #onKnown: () => void;
  #sizes: ReadonlyMap<string, number | null> = new Map();
  #askedAtMs = Number.NEGATIVE_INFINITY;

  constructor(rest: Pick<RestClient, 'listModels'>, onKnown: () => void) {
    this.#rest = rest;
    this.#onKnown = onKnown;
  }

  /** Tokens of `provider/model`; null while nobody said. */
  sizeOf(model: string): number | null {
    if (!this.#sizes.has(model)) this.#ask();
    return this.#sizes.get(model) ?? null;
  }

  #ask(): void {
    if (performance.now() - this.#askedAtMs < askAgainMs) return;
    this.#askedAtMs = performance.now();
    this.#rest.listModels().then(
      (models) => {
        this.#sizes = new Map(
          models.map((card) => [`${card.provider}/${card.model}`, card.contextTokens]),
        );
        this.#onKnown();
      },
      // The share of the window is an extra: the footer does without it.
      () => {},
    );
  }
}
