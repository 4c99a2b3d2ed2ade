import { z } from 'zod';
import { answerStops } from '../wire/answer.ts';
import { vendorNames } from '../wire/vendor-name.ts';
import { type FaultInput, faultInputSchema } from './fault.ts';

const tokens = z.int().nonnegative();

/** What the next matching requests get instead of the composed answer. */
export const scriptSchema = z.strictObject({
  vendor: z.enum(vendorNames).optional(),
  model: z.string().optional(),
  endpoint: z.enum(['completion', 'models', 'embed', 'other', 'any']).default('completion'),
  /** How many requests it is for. */
  times: z.int().positive().default(1),
  reply: z.string().optional(),
  /** The reply in the very pieces in which it is streamed. */
  chunks: z.array(z.string()).optional(),
  thinking: z.string().optional(),
  toolCalls: z
    .array(
      z.strictObject({
        id: z.string().optional(),
        name: z.string(),
        arguments: z.record(z.string(), z.unknown()).default({}),
      }),
    )
    .optional(),
  stop: z.enum(answerStops).optional(),
  usage: z
    .strictObject({
      inputTokens: tokens.optional(),
      cacheReadTokens: tokens.optional(),
      cacheWriteTokens: tokens.optional(),
      outputTokens: tokens.optional(),
      reasoningTokens: tokens.optional(),
    })
    .optional(),
  paceMs: z.number().nonnegative().optional(),
  /** Pieces of content behind which the answer waits until the test lets it go on. */
  holdAfter: tokens.optional(),
  /** Waits so long before the first byte. */
  delayMs: z.number().nonnegative().optional(),
  fault: z
    .preprocess(
      (value) => (value === undefined || Array.isArray(value) ? value : [value]),
      z.array(faultInputSchema).optional(),
    )
    .optional(),
});
export type Script = z.infer<typeof scriptSchema>;
export type ScriptInput = Omit<z.input<typeof scriptSchema>, 'fault'> & {
  readonly fault?: FaultInput | readonly FaultInput[];
};

export interface ScriptTarget {
  readonly vendor: string;
  readonly model: string;
  readonly endpoint: Exclude<Script['endpoint'], 'any'>;
}

function matches(script: Script, target: ScriptTarget): boolean {
  return (
    (script.vendor === undefined || script.vendor === target.vendor) &&
    (script.model === undefined || script.model === target.model) &&
    (script.endpoint === 'any' || script.endpoint === target.endpoint)
  );
}

/** Scripts waiting for a matching request, first come first served. */
export class ScriptQueue {
  #waiting: { readonly script: Script; left: number }[] = [];

  /** Throws a ZodError that names what is wrong with the script. */
  add(input: unknown): void {
    const script = scriptSchema.parse(input);
    this.#waiting.push({ script, left: script.times });
  }

  take(target: ScriptTarget): Script | undefined {
    const entry = this.#waiting.find(({ script }) => matches(script, target));
    if (entry === undefined) return undefined;
    entry.left -= 1;
    if (entry.left === 0) this.#waiting = this.#waiting.filter((other) => other !== entry);
    return entry.script;
  }

  /** Scripts that no request has used up. */
  get waiting(): number {
    return this.#waiting.length;
  }

  clear(): void {
    this.#waiting = [];
  }
}
