import {
  type CardFile,
  cardFileModelSchema,
  cardFilePriceSchema,
  cardFileReasoningSchemas,
  cardFileSamplingSchema,
  cardFileSchema,
  cardFileTierSchema,
  cardQuirks,
  efforts,
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
  if (!parsed.success) {
    return { problems: parsed.error.issues.flatMap((issue) => explainIssue(issue, json)) };
  }
  const { data } = parsed;
  const problems = [
    ...findTwins(data),
    ...findUnsortedTiers(data),
    ...data.models.flatMap(findContradictions),
  ];
  if (problems.length > 0) return { problems };
  return { overrides: data.models.map(toOverride) };
}

function toOverride({ price, ...model }: CardFile['models'][number]): CardOverride {
  if (price === undefined || price === null) return { ...model, price };
  return { ...model, price: { ...price, source: price.source ?? 'the operator’s model cards' } };
}

type Issue = z.core.$ZodIssue;

function explainIssue(issue: Issue, json: unknown): string[] {
  const place = placeOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = fieldsAt(issue.path, json);
    return issue.keys.map((key) => {
      const nearest = nearestName(key, known);
      const hint = nearest === undefined ? `Fields: ${known.join(', ')}` : `Is it "${nearest}"?`;
      return `${place}: there is no field "${key}". ${hint}`;
    });
  }
  const isHow = issue.code === 'invalid_union' && issue.path.at(-1) === 'how';
  if (isHow) return [`${place}: ${oneOf(Object.keys(cardFileReasoningSchemas))}`];
  if (issue.code === 'invalid_value' && issue.path.includes('quirks')) {
    return [`${place}: ${oneOf(cardQuirks)}`];
  }
  if (issue.code === 'invalid_value' && issue.path.includes('efforts')) {
    return [`${place}: ${oneOf(efforts)}`];
  }
  return [`${place}: ${issue.message}`];
}

/** `models[2].price.tiers[0]`, as people count in JSON. */
function placeOf(path: Issue['path']): string {
  const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  return place.join('').replace(/^\./, '') || 'the file';
}

function oneOf(words: readonly string[]): string {
  return `must be one of ${words.map((word) => `"${word}"`).join(', ')}`;
}

function fieldsAt(path: Issue['path'], json: unknown): readonly string[] {
  if (path.includes('reasoning')) {
    const read = path.slice(0, path.indexOf('reasoning') + 1);
    const { how } = Object(read.reduce<unknown>((value, key) => Object(value)[key], json));
    const [, kind] = Object.entries(cardFileReasoningSchemas).find(([name]) => name === how) ?? [];
    return kind ? Object.keys(kind.shape) : efforts;
  }
  if (path.includes('sampling')) return Object.keys(cardFileSamplingSchema.shape);
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

/** What is well formed and makes no sense. */
function findContradictions(model: CardFile['models'][number], index: number): string[] {
  const { capabilities, provider, quirks, reasoning } = model;
  const place = `models[${index}]`;
  const problems: string[] = [];
  if (reasoning && capabilities && !capabilities.includes('reasoning')) {
    problems.push(`${place}.reasoning: its capabilities have no "reasoning"; correct one of them`);
  }
  if (reasoning?.how === 'effort' && !isRising(reasoning.efforts)) {
    problems.push(`${place}.reasoning.efforts: each once, least first (${efforts.join(', ')})`);
  }
  if (quirks?.includes('binds-thoughts') && provider !== 'anthropic') {
    problems.push(`${place}.quirks: "binds-thoughts" is of Anthropic's models only`);
  }
  return problems;
}

function isRising(named: readonly (typeof efforts)[number][]): boolean {
  const ranks = named.map((effort) => efforts.indexOf(effort));
  return ranks.every((rank, at) => at === 0 || rank > (ranks[at - 1] ?? 0));
}
