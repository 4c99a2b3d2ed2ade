import { z } from 'zod';
import { modelRefSchema } from '../model-ref.ts';
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

/** One model of the file. What is left out stays as it is without the file. */
export const cardFileModelSchema = modelRefSchema.extend({
  name: z.string().min(1).max(100).optional(),
  contextTokens: tokens.optional(),
  maxOutputTokens: tokens.optional(),
  capabilities: z.array(capabilitySchema).optional(),
  price: cardFilePriceSchema.nullable().optional().describe('Null: the price is not known.'),
});

/** The file that `MOSAIC_MODEL_CARDS` names: what an operator knows better than the built-in cards. */
export const cardFileSchema = z.strictObject({
  $schema: z.string().optional(),
  models: z.array(cardFileModelSchema.strict()).max(1_000),
});
export type CardFile = z.infer<typeof cardFileSchema>;
