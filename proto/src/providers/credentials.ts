import { z } from 'zod';
import { defineEvent, defineRequest } from '../contract.ts';
import { instantSchema } from '../ids.ts';
import { modelCardSchema, providerStatusSchema } from './catalogue/catalogue.ts';
import { providerNameSchema } from './model-ref.ts';

/** What a person types for a key: printable ASCII, as it has to fit into an HTTP header. */
export const vendorSecretSchema = z
  .string()
  .trim()
  .min(8, 'has at least 8 characters')
  .max(512, 'has at most 512 characters')
  .regex(/^[\x21-\x7e]*$/, 'has no blanks and no letters outside ASCII')
  // Whoever shows or records messages by their schema can tell by this what to leave out.
  .meta({ format: 'password', writeOnly: true });

/** At most so many keys of one vendor and one person. */
export const mostKeys = 8;

/** The body of `PUT /api/providers/:name/credentials`: what is to be kept instead of what was. */
export const saveCredentialsBody = z
  .strictObject({
    key: vendorSecretSchema.optional(),
    keys: z.array(vendorSecretSchema).min(1).max(mostKeys).optional(),
    /** One of the vendor's own documented addresses; the installation's when left out. */
    baseUrl: z
      .url({ protocol: /^https?$/ })
      .max(300)
      .nullish(),
    /** Kept without asking the vendor, for one that cannot be reached now. */
    skipTest: z.boolean().default(false),
  })
  .refine(({ key, keys }) => (key === undefined) !== (keys === undefined), {
    message: 'give either "key" or "keys"',
  });

/**
 * What the vendor said of a key: `works`, `limited` knows it but did not let it be tested (its rights,
 * the region), `no-quota` knows it but the account has nothing left, `refused`, `unclear` could not be
 * asked, `untested` was not asked.
 */
export const keyTestOutcomeSchema = z.enum([
  'works',
  'limited',
  'no-quota',
  'refused',
  'unclear',
  'untested',
]);
export type KeyTestOutcome = z.infer<typeof keyTestOutcomeSchema>;

/** A kept key as its owner sees it again: never the key itself. */
export const ownKeySchema = z.object({
  /** Last four characters; null for a key so short that they would give it away. */
  hint: z.string().max(4).nullable(),
  savedAt: instantSchema,
  testedAt: instantSchema.nullable(),
  outcome: keyTestOutcomeSchema,
  /** The vendor's own sentence; null when it had none. */
  message: z.string().nullable(),
  /** Why the key is kept but can't be used now; null when it can. */
  unusableReason: z.string().nullable(),
});
export type OwnKey = z.infer<typeof ownKeySchema>;

/** A person's own keys of one vendor. */
export const ownCredentialsSchema = z.object({
  provider: providerNameSchema,
  baseUrl: z.string().nullable(),
  keys: z.array(ownKeySchema),
});
export type OwnCredentials = z.infer<typeof ownCredentialsSchema>;

/** The addresses that a person may choose for a vendor, beside the installation's. */
export const vendorBasesSchema = z.partialRecord(providerNameSchema, z.array(z.string()));

/** The answer of `GET /api/providers`: the vendors as they are for the person who asks. */
export const providersReply = z.object({
  providers: z.array(
    providerStatusSchema.extend({
      /** The person's own keys; null without any, and for API keys of limited scope. */
      own: ownCredentialsSchema.nullable(),
      bases: z.array(z.string()),
    }),
  ),
  /** Why no own key can be kept now; null when one can. */
  problem: z.string().nullable(),
});
export type ProvidersReply = z.infer<typeof providersReply>;

/** The answer of everything that is done with own keys of one vendor. */
export const credentialsReply = z.object({ credentials: ownCredentialsSchema });

export const saveCredentials = defineRequest({
  subject: 'providers.credential.save',
  summary:
    'Tests the caller’s own keys of a vendor and keeps them encrypted instead of earlier ones.',
  request: z.object({
    provider: providerNameSchema,
    keys: z.array(vendorSecretSchema).min(1).max(mostKeys),
    baseUrl: z.string().max(300).nullable(),
    skipTest: z.boolean(),
  }),
  reply: z.object({ credentials: ownCredentialsSchema }),
  servedBy: 'providers',
  calledBy: ['gateway'],
  caller: 'user',
});

export const removeCredentials = defineRequest({
  subject: 'providers.credential.remove',
  summary: 'Forgets the caller’s own keys of a vendor; the installation’s serve again.',
  request: z.object({ provider: providerNameSchema }),
  reply: z.object({ removed: z.number().int().nonnegative() }),
  servedBy: 'providers',
  calledBy: ['gateway'],
  caller: 'user',
});

export const testCredentials = defineRequest({
  subject: 'providers.credential.test',
  summary:
    'Asks a vendor about the caller’s own keys by one cheap real call each, and keeps the answer.',
  request: z.object({ provider: providerNameSchema }),
  reply: z.object({ credentials: ownCredentialsSchema }),
  servedBy: 'providers',
  calledBy: ['gateway'],
  caller: 'user',
});

export const listCredentials = defineRequest({
  subject: 'providers.credential.list',
  summary: 'For which vendors the caller has own keys, with their last four characters.',
  request: z.object({}),
  reply: z.object({
    credentials: z.array(ownCredentialsSchema),
    bases: vendorBasesSchema,
    /** Why no key can be kept now, with what to do about it; null when one can. */
    problem: z.string().nullable(),
  }),
  servedBy: 'providers',
  calledBy: ['gateway'],
  caller: 'user',
});

/** Small for everybody and empty for most, so that a router can keep it for each of its users. */
export const listOwnModels = defineRequest({
  subject: 'providers.own-model.list',
  summary: 'The models of vendors that are there for the caller alone, by keys of their own.',
  request: z.object({}),
  reply: z.object({ models: z.array(modelCardSchema) }),
  servedBy: 'providers',
  calledBy: ['router', 'gateway'],
  caller: 'user',
});

/** Whoever keeps something that depends on a user's own keys drops it. */
export const credentialsChanged = defineEvent({
  subject: 'providers.credential.changed.{userId}',
  summary: 'A user saved or removed keys of a vendor; the user is in the subject.',
  fact: z.object({ provider: providerNameSchema }),
  publishedBy: ['providers'],
  consumedBy: ['providers', 'router', 'gateway'],
  stream: null,
});
