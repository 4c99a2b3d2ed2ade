import { z } from 'zod';
import { modelRefSchema } from '../model-ref.ts';
import { efforts } from '../stream-completion.ts';
import { capabilitySchema } from './catalogue.ts';

const dollars = z.number().nonnegative().describe('US dollars per million tokens.');
const cacheDollars = dollars
  .nullable()
  .default(null)
  .describe('Left out or null: not known, so that a call that uses it has no known cost.');

const rates = {
  input: dollars,
  output: dollars,
  cacheRead: cacheDollars,
  cacheWrite5m: cacheDollars,
  cacheWrite1h: cacheDollars,
  reasoning: dollars.optional().describe('Left out: as output.'),
};
const tokens = z.number().int().positive();

export const cardFileTierSchema = z.strictObject({
  aboveInputTokens: tokens.describe('Holds for calls with more input tokens than this.'),
  ...rates,
});

export const cardFilePriceSchema = z.strictObject({
  ...rates,
  tiers: z.array(cardFileTierSchema).max(10).default([]),
  source: z.string().min(1).max(500).optional().describe('Where the price is written.'),
  asOf: z.iso.date().describe('The day it was read there.'),
});

const effortSchema = z.enum(efforts);

/** How a model hears how much to think. */
export const cardFileReasoningSchemas = {
  effort: z.strictObject({
    how: z.literal('effort'),
    efforts: z.array(effortSchema).min(1).describe('Those that it takes, least first.'),
  }),
  budget: z.strictObject({
    how: z.literal('budget'),
    tokens: z
      .record(effortSchema, z.number().int().nonnegative())
      .describe('Tokens to think with for every effort; 0 = it does not think.'),
  }),
  switch: z.strictObject({ how: z.literal('switch') }),
} as const;

export const cardFileSamplingSchema = z.strictObject({
  whileReasoning: z.boolean().describe('True: also while the model thinks.'),
  together: z.boolean().describe('True: both in one request.'),
});

/** What a model does otherwise than the rest of its vendor's. */
export const cardQuirks = ['refuses-forced-calls', 'thinks-unasked', 'binds-thoughts'] as const;

/** One model of the file. What is left out stays as it is without the file. */
export const cardFileModelSchema = modelRefSchema.extend({
  name: z.string().min(1).max(100).optional(),
  contextTokens: tokens.optional(),
  maxOutputTokens: tokens.optional(),
  capabilities: z.array(capabilitySchema).optional(),
  price: cardFilePriceSchema.nullable().optional().describe('Null: the price is not known.'),
  reasoning: z
    .discriminatedUnion('how', [
      cardFileReasoningSchemas.effort,
      cardFileReasoningSchemas.budget,
      cardFileReasoningSchemas.switch,
    ])
    .nullable()
    .optional()
    .describe('Null: it cannot be told how much to think.'),
  sampling: cardFileSamplingSchema
    .nullable()
    .optional()
    .describe('When it takes temperature and top_p. Null: never.'),
  cacheFromTokens: tokens
    .nullable()
    .optional()
    .describe('Smallest beginning that is cached when it is marked. Null: it takes no marks.'),
  quirks: z.array(z.enum(cardQuirks)).optional(),
});

/** The file that `MOSAIC_MODEL_CARDS` names: what an operator knows better than the built-in cards. */
export const cardFileSchema = z.strictObject({
  $schema: z.string().optional(),
  models: z.array(cardFileModelSchema.strict()).max(1_000),
});
export type CardFile = z.infer<typeof cardFileSchema>;
