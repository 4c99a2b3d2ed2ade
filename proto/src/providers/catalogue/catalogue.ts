import { z } from 'zod';
import { defineEvent, defineRequest, type FactOf } from '../../contract.ts';
import { instantSchema } from '../../ids.ts';
import { modelRefSchema, providerNameSchema } from '../model-ref.ts';
import { priceSchema } from './price.ts';
import { catalogueNewsSchema } from './refresh-catalogue.ts';

/** What a model can do; on its card, never guessed from its name. */
export const capabilitySchema = z.enum(['tools', 'vision', 'reasoning', 'json', 'embedding']);
export type Capability = z.infer<typeof capabilitySchema>;

/** Everything known about one model; null = unknown. */
export const modelCardSchema = modelRefSchema.extend({
  name: z.string().describe('Name for people, e.g. "Claude Opus 4.6".'),
  contextTokens: z.number().int().positive().nullable(),
  maxOutputTokens: z.number().int().positive().nullable(),
  capabilities: z.array(capabilitySchema),
  price: priceSchema.nullable(),
  /** Stands where the price would when there is none, e.g. "local, nothing is charged". */
  priceNote: z.string().max(200).optional(),
  isAvailable: z.boolean(),
  /** Why it can't be used now; null when it can. */
  unavailableReason: z.string().nullable(),
  /**
   * Whether the vendor's list had it at the last look; left out when there was none. One that is not
   * listed is asked all the same: lists lag, and a refusal leads to the next candidate.
   */
  isListed: z.boolean().optional(),
});
export type ModelCard = z.infer<typeof modelCardSchema>;

/** A key of a vendor as people see it. */
export const keyStatusSchema = z.object({
  /** Last four characters, or null for a key that they would give away. */
  hint: z.string().nullable(),
  owner: z.enum(['installation', 'user']),
  state: z.enum(['ready', 'resting', 'refused']),
  /** When it is tried again; null when it is ready. */
  until: instantSchema.nullable(),
  /** Why it rests or is refused; of a ready key what its vendor does not let it do. */
  reason: z.string().nullable(),
});
export type KeyStatus = z.infer<typeof keyStatusSchema>;

/** A model that is left alone for a while although its vendor is well. */
export const restingModelSchema = z.object({
  model: z.string(),
  since: instantSchema,
  until: instantSchema,
  reason: z.string(),
});
export type RestingModel = z.infer<typeof restingModelSchema>;

/** A model that has been asked and is being loaded: its first word may take minutes. */
export const loadingModelSchema = z.object({ model: z.string(), since: instantSchema });

export const providerStatusSchema = z.object({
  name: providerNameSchema,
  isConfigured: z.boolean(),
  isHealthy: z.boolean(),
  isSimulated: z.boolean(),
  /** One sentence: why it is absent or unwell, and what to do; null when all is well. */
  reason: z.string().nullable(),
  /** Last four characters of the first key, or null. */
  keyHint: z.string().nullable(),
  keys: z.array(keyStatusSchema).default([]),
  restingModels: z.array(restingModelSchema).default([]),
  loadingModels: z.array(loadingModelSchema).default([]),
  models: z.number().int().nonnegative(),
  checkedAt: instantSchema.nullable(),
});
export type ProviderStatus = z.infer<typeof providerStatusSchema>;

export const listModels = defineRequest({
  subject: 'providers.model.list',
  summary: 'All models of all vendors that are known, usable or not, with the reason.',
  request: z.object({}),
  reply: z.object({
    models: z.array(modelCardSchema),
    /** What the last look that found something found; left out when none has. */
    news: catalogueNewsSchema.optional(),
  }),
  servedBy: 'providers',
  calledBy: ['gateway', 'router', 'agents'],
  caller: 'service',
});

export const listProviders = defineRequest({
  subject: 'providers.provider.list',
  summary: 'The five vendors: configured, healthy, and why not.',
  request: z.object({}),
  reply: z.object({ providers: z.array(providerStatusSchema) }),
  servedBy: 'providers',
  calledBy: ['gateway', 'router'],
  caller: 'service',
});

export const testProvider = defineRequest({
  subject: 'providers.provider.test',
  summary: 'Makes one cheap real call (list models) to a vendor and says how it went.',
  request: z.object({ name: providerNameSchema }),
  reply: z.object({ status: providerStatusSchema, tookMs: z.number().nonnegative() }),
  servedBy: 'providers',
  calledBy: ['gateway'],
  caller: 'user',
});

/** Heard by the router, which then reads the list again. */
export const catalogueChanged = defineEvent({
  subject: 'providers.catalogue.changed',
  summary: 'Models or health of a vendor changed.',
  fact: z.object({ provider: providerNameSchema, isHealthy: z.boolean() }),
  publishedBy: ['providers'],
  consumedBy: ['router', 'gateway'],
  stream: null,
});

/** Told when a vendor, or one of its models, becomes unwell or well again, by calls and probes. */
export const healthChanged = defineEvent({
  subject: 'providers.health.changed',
  summary: 'A vendor or one of its models became unwell or well again, with the reason.',
  fact: z.object({
    provider: providerNameSchema,
    model: z.string().nullable().describe('Null for the vendor as a whole.'),
    isHealthy: z.boolean(),
    reason: z.string().nullable(),
    since: instantSchema,
    isLoading: z
      .boolean()
      .optional()
      .describe('True: asked, and being loaded; false: it is there.'),
  }),
  publishedBy: ['providers'],
  consumedBy: ['gateway', 'router'],
  stream: null,
});
export type HealthChange = FactOf<typeof healthChanged>;
