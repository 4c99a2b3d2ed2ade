import {
  extractionKey,
  judgeSettingSchema,
  MosaicError,
  type Preference,
  pausedKey,
  routingJudgeKey,
  summariesKey,
  turnEffortKey,
  turnModelKey,
  turnPreferencesSchema,
  turnTemperatureKey,
} from '@mosaic/proto';
import { z } from 'zod';
import { tierKeys } from '../tiers/tier-policy.ts';

const wholeFrom1 = z.number().int().min(1).max(100_000).nullable();

const choices = turnPreferencesSchema.shape;

/** Settings that Mosaic itself heeds: what they may be, and what they are where nobody has chosen. */
const known = new Map<string, { readonly value: z.ZodType; readonly initial: Json }>([
  [pausedKey, { value: z.boolean(), initial: false }],
  [extractionKey, { value: z.enum(['model', 'rules']), initial: 'model' }],
  [turnModelKey, { value: choices.model, initial: null }],
  [turnTemperatureKey, { value: choices.temperature, initial: null }],
  [turnEffortKey, { value: choices.effort, initial: null }],
  [routingJudgeKey, { value: judgeSettingSchema, initial: 'off' }],
  [summariesKey, { value: z.enum(['model', 'none']), initial: 'model' }],
  [tierKeys.warmAfterDays, { value: wholeFrom1, initial: null }],
  [tierKeys.coldAfterDays, { value: wholeFrom1, initial: null }],
  [tierKeys.hotMegabytes, { value: wholeFrom1, initial: null }],
]);

type Json = Preference['value'];

/** A stored setting; `isOfUser` false is the installation's. */
export interface StoredPreference {
  readonly key: string;
  readonly value: Json;
  readonly isOfUser: boolean;
  readonly isFixed: boolean;
  readonly updatedAt: string;
}

/** Throws bad_request for a value that Mosaic could not heed. */
export function assertFits(key: string, value: Json): void {
  const parsed = known.get(key)?.value.safeParse(value);
  if (parsed === undefined || parsed.success) return;
  const [issue] = parsed.error.issues;
  const place = ['value', ...(issue?.path ?? [])].join('.');
  throw new MosaicError('bad_request', `${place}: ${issue?.message ?? 'not usable'}`);
}

/** Throws bad_request for what can't hold for everybody, or could not be heeded. */
export function assertForEverybody(key: string, value: Json): void {
  if (key === turnModelKey) {
    const sentence = `"${key}" is for each person to choose; which model answers everybody is said by rules (/api/routing/rules).`;
    throw new MosaicError('bad_request', sentence);
  }
  assertFits(key, value);
}

/**
 * Settings as they hold for one person: fixed ones of the installation, else the person's own, else the
 * installation's, else what Mosaic begins with.
 */
export function preferencesInForce(stored: readonly StoredPreference[]): readonly Preference[] {
  const keys = new Set([...known.keys(), ...stored.map((one) => one.key)]);
  return [...keys].sort().flatMap((key) => inForce(key, stored) ?? []);
}

function inForce(key: string, stored: readonly StoredPreference[]): Preference | undefined {
  const own = stored.find((one) => one.key === key && one.isOfUser);
  const common = stored.find((one) => one.key === key && !one.isOfUser);
  const isMutable = common?.isFixed !== true;
  const chosen = isMutable ? (own ?? common) : common;
  if (chosen !== undefined) {
    const { isOfUser, updatedAt, value } = chosen;
    return { key, value, scope: isOfUser ? 'user' : 'system', isMutable, updatedAt };
  }
  const initial = known.get(key)?.initial;
  if (initial === undefined) return undefined;
  return { key, value: initial, scope: 'system', isMutable, updatedAt: null };
}
