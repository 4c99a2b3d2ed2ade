import type { OutputFormat } from '@mosaic/proto';
import { cleanRecord, withoutLoneSurrogates } from '../history/clean-text.ts';
import type { VendorCard, VendorRules } from '../vendor/vendor-port.ts';

/** How an answer is held to its form: by the vendor, by words in the instructions, or by both. */
export interface ChosenFormat {
  readonly outputFormat: OutputFormat | undefined;
  /** To be added to the instructions; null when the vendor needs no words. */
  readonly instruction: string | null;
  readonly warnings: readonly string[];
}

export interface FormatOptions {
  readonly card: Pick<VendorCard, 'name' | 'capabilities'>;
  readonly rules: Pick<VendorRules, 'takesJsonFormat' | 'supportOfSchema'>;
}

/** Chooses the strictest way that vendor and model have, and says so when it is not the asked one. */
export function chooseFormat(
  asked: OutputFormat | undefined,
  { card, rules }: FormatOptions,
): ChosenFormat {
  if (asked === undefined) return { outputFormat: undefined, instruction: null, warnings: [] };
  const canJson = card.capabilities.length === 0 || card.capabilities.includes('json');
  const format = cleanFormat(asked);
  const support =
    canJson && format.type === 'json-schema' ? rules.supportOfSchema(format.schema) : 'refused';
  if (support !== 'refused') {
    const loose = `${card.name} follows this schema without a promise: a strict one has closed objects with only required properties.`;
    const warnings = support === 'loose' ? [loose] : [];
    return { outputFormat: format, instruction: null, warnings };
  }
  // The vendors that have a JSON mode refuse it, or write white space for ever, without such words.
  const instruction = instruct(format);
  if (canJson && rules.takesJsonFormat) {
    const words = `${card.name} promises JSON but not this schema; it stands in the instructions.`;
    const warnings = format.type === 'json' ? [] : [words];
    return { outputFormat: { type: 'json' }, instruction, warnings };
  }
  const what = format.type === 'json' ? 'JSON' : 'JSON after this schema';
  const words = `${card.name} cannot be held to ${what}; the instructions ask for it.`;
  return { outputFormat: undefined, instruction, warnings: [words] };
}

function cleanFormat(format: OutputFormat): OutputFormat {
  if (format.type === 'json') return format;
  const { description } = format;
  return {
    ...format,
    schema: cleanRecord(format.schema),
    ...(description !== undefined && { description: withoutLoneSurrogates(description) }),
  };
}

function instruct(format: OutputFormat): string {
  const plain = 'Answer with one JSON object and nothing else: no words around it, no code fence.';
  if (format.type === 'json') return plain;
  return `${plain} It must follow this JSON Schema:\n${JSON.stringify(format.schema)}`;
}
