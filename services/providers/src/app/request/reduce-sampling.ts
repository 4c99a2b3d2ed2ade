import type { Effort } from '@mosaic/proto';
import { withoutLoneSurrogates } from '../history/clean-text.ts';
import type {
  CompletionRequest,
  ParameterRules,
  Range,
  VendorCard,
} from '../vendor/vendor-port.ts';
import { startWarnings, type Warnings } from './start-warnings.ts';

type Asked = Pick<
  CompletionRequest,
  'temperature' | 'topP' | 'stop' | 'seed' | 'presencePenalty' | 'frequencyPenalty'
>;

export interface SamplingOptions {
  readonly card: Pick<VendorCard, 'name' | 'sampling' | 'reasoning'>;
  readonly rules: ParameterRules;
  /** The effort that was chosen for this request. */
  readonly effort: Effort | undefined;
}

/** Reduces everything that steers how words are picked to what vendor and model take. */
export function reduceSampling(asked: Asked, options: SamplingOptions) {
  const { card, rules } = options;
  const warnings = startWarnings(card.name);
  const picked = pickSamplers(asked, options, warnings);
  return {
    parameters: {
      ...picked,
      stop: reduceStops(asked.stop ?? [], rules, warnings),
      seed: warnings.keepIf(asked.seed, rules.takesSeed, 'seed'),
      presencePenalty: warnings.keepIf(
        asked.presencePenalty,
        rules.takesPenalties,
        'presence penalty',
      ),
      frequencyPenalty: warnings.keepIf(
        asked.frequencyPenalty,
        rules.takesPenalties,
        'frequency penalty',
      ),
    },
    /** `none` when thinking must be off for the wish to be taken, and the model may have it on. */
    effort: needsQuiet(picked, options) ? ('none' as const) : options.effort,
    warnings: warnings.all,
  };
}

function pickSamplers(asked: Asked, options: SamplingOptions, warnings: Warnings) {
  const { card, rules, effort } = options;
  const thinks = effort !== undefined && effort !== 'none';
  const isTaken = card.sampling !== null && (card.sampling.whileReasoning || !thinks);
  const because = card.sampling !== null && !isTaken ? ' while it thinks' : '';
  const keep = (value: number | undefined, range: Range | null, what: string) => {
    const kept = warnings.keepIf(value, isTaken && range !== null, `${what}${because}`);
    if (kept === undefined || range === null) return undefined;
    const clamped = Math.min(range.most, Math.max(range.least, kept));
    if (clamped !== kept) {
      warnings.say(`${card.name} takes no ${what} of ${kept}; ${clamped} was taken.`);
    }
    return clamped;
  };
  const temperature = keep(asked.temperature, rules.temperature, 'temperature');
  const topP = keep(asked.topP, rules.topP, 'top_p');
  if (temperature === undefined || topP === undefined || card.sampling?.together) {
    return { temperature, topP };
  }
  warnings.say(`${card.name} takes no top_p beside a temperature.`);
  return { temperature, topP: undefined };
}

function needsQuiet(
  picked: { readonly temperature: number | undefined; readonly topP: number | undefined },
  { card, effort }: SamplingOptions,
): boolean {
  const isAsked = picked.temperature !== undefined || picked.topP !== undefined;
  if (!isAsked || effort !== undefined || card.sampling?.whileReasoning !== false) return false;
  return card.reasoning?.how === 'effort' && card.reasoning.efforts.includes('none');
}

function reduceStops(
  asked: readonly string[],
  { mostStops, takesBlankStops }: ParameterRules,
  warnings: Warnings,
): readonly string[] {
  if (asked.length === 0) return [];
  if (mostStops === 0) {
    warnings.keepIf(asked, false, 'stop sequences');
    return [];
  }
  const clean = asked.map(withoutLoneSurrogates).filter((stop) => stop !== '');
  const taken = clean.filter((stop) => takesBlankStops || stop.trim() !== '');
  if (taken.length < clean.length) {
    warnings.keepIf(asked, false, 'stop sequences of nothing but white space');
  }
  if (taken.length > mostStops) {
    warnings.keepIf(asked, false, `more than ${mostStops} stop sequences; the first were taken`);
  }
  return taken.slice(0, mostStops);
}
