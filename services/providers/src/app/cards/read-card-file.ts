import {
  type CardFile,
  cardFileModelSchema,
  cardFilePriceSchema,
  cardFileSchema,
  cardFileTierSchema,
  nearestName,
} from '@mosaic/proto';
import type { z } from 'zod';
import type { CardOverride } from './enrich-vendor.ts';

export type ReadCards =
  | { readonly overrides: readonly CardOverride[] }
  | { readonly problems: readonly string[] };

/** Reads the operator's file strictly; every problem is one sentence that says where it is. */
export function readCardFile(text: string): ReadCards {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (thrown) {
    return { problems: [`it is no JSON: ${thrown instanceof Error ? thrown.message : 'unknown'}`] };
  }
  const parsed = cardFileSchema.safeParse(json);
  if (!parsed.success) return { problems: parsed.error.issues.flatMap(explainIssue) };
  const problems = [...findTwins(parsed.data), ...findUnsortedTiers(parsed.data)];
  if (problems.length > 0) return { problems };
  return { overrides: parsed.data.models.map(toOverride) };
}

function toOverride({ price, ...model }: CardFile['models'][number]): CardOverride {
  if (price === undefined || price === null) return { ...model, price };
  return { ...model, price: { ...price, source: price.source ?? 'the operator’s model cards' } };
}

type Issue = z.core.$ZodIssue;

function explainIssue(issue: Issue): string[] {
  const place = placeOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = fieldsAt(issue.path);
    return issue.keys.map((key) => {
      const nearest = nearestName(key, known);
      const hint = nearest === undefined ? `Fields: ${known.join(', ')}` : `Is it "${nearest}"?`;
      return `${place}: there is no field "${key}". ${hint}`;
    });
  }
  return [`${place}: ${issue.message}`];
}

/** `models[2].price.tiers[0]`, as people count in JSON. */
function placeOf(path: Issue['path']): string {
  const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  return place.join('').replace(/^\./, '') || 'the file';
}

function fieldsAt(path: Issue['path']): readonly string[] {
  const schema = path.includes('tiers')
    ? cardFileTierSchema
    : path.includes('price')
      ? cardFilePriceSchema
      : path.includes('models')
        ? cardFileModelSchema
        : cardFileSchema;
  return Object.keys(schema.shape);
}

function findTwins({ models }: CardFile): string[] {
  const nameOf = ({ provider, model }: CardFile['models'][number]) => `${provider}/${model}`;
  return models.flatMap((model, index) => {
    const first = models.findIndex((other) => nameOf(other) === nameOf(model));
    if (first === index) return [];
    return [`models[${index}]: ${nameOf(model)} is in models[${first}] already; keep one`];
  });
}

function findUnsortedTiers({ models }: CardFile): string[] {
  return models.flatMap(({ price }, index) => {
    const limits = price?.tiers.map((tier) => tier.aboveInputTokens) ?? [];
    const isSorted = limits.every((limit, at) => at === 0 || limit > (limits[at - 1] ?? 0));
    return isSorted ? [] : [`models[${index}].price.tiers: put the smaller aboveInputTokens first`];
  });
}
