import { z } from 'zod';
import { defineRequest } from '../../contract.ts';
import { instantSchema } from '../../ids.ts';
import { modelRefSchema, providerNameSchema } from '../model-ref.ts';

/**
 * What became of a model since the last look: it came, it went, the vendor announced its end, its
 * size or price in the vendor's list changed, or the price on its card is not the listed one.
 */
export const changeKinds = ['came', 'went', 'ends', 'size', 'price', 'disagrees'] as const;

export const catalogueChangeSchema = modelRefSchema.extend({
  kind: z.enum(changeKinds),
  text: z.string().max(500).describe('One sentence for people.'),
  /** True when a card of this installation is about this model, so that rules may rely on it. */
  isRelied: z.boolean(),
});
export type CatalogueChange = z.infer<typeof catalogueChangeSchema>;

/** Longer differences are cut: a vendor that renames everything is one piece of news. */
export const mostChanges = 200;

/** The last differences that were found, for whoever shows models. */
export const catalogueNewsSchema = z.object({
  at: instantSchema,
  changes: z.array(catalogueChangeSchema).max(mostChanges),
  /** How many more there were. */
  left: z.number().int().nonnegative(),
});
export type CatalogueNews = z.infer<typeof catalogueNewsSchema>;

export const refreshCatalogue = defineRequest({
  subject: 'providers.catalogue.refresh',
  summary: 'Reads the live lists of all vendors again and says what changed since the last look.',
  request: z.object({}),
  reply: catalogueNewsSchema.extend({
    /** Vendors whose list was compared with the one seen before. */
    compared: z.array(providerNameSchema),
    /** Vendors that were not compared, each with the reason. */
    notCompared: z.array(z.object({ provider: providerNameSchema, why: z.string().max(500) })),
  }),
  servedBy: 'providers',
  calledBy: ['jobs'],
  caller: 'service',
});
