import type { ErrorCode, KeyRestKind, KeyStatus, RestingModel } from '@mosaic/proto';
import { longestWaitMs } from '../choose-next-step.ts';
import { makeFault } from '../vendor/vendor-fault.ts';
import type { VendorKey } from '../vendor/vendor-key.ts';
import type { VendorFault } from '../vendor/vendor-port.ts';
import { hintOf, identifyModel, readModelId } from './identify-key.ts';
import type { KeyRest, KeyRests } from './key-rests.ts';

const codes: Readonly<Record<KeyRestKind, ErrorCode>> = {
  'rate-limit': 'provider_rate_limited',
  quota: 'provider_quota',
  refused: 'provider_auth',
  forbidden: 'provider_forbidden',
};

/** Keys with what is known about their rests, at one instant (milliseconds since the epoch). */
export interface KeysNow {
  readonly keys: readonly VendorKey[];
  readonly rests: Pick<KeyRests, 'of'>;
  readonly nowMs: number;
}

/** What is known of keys for one model: their own rests, or that of the model with them. */
export function restsFor(model: string, rests: Pick<KeyRests, 'of'>): Pick<KeyRests, 'of'> {
  return { of: (id) => rests.of(id) ?? rests.of(identifyModel(id, model)) };
}

/** Models that can be asked with none of these keys, although the vendor and some key are well. */
export function restingModelsOf(
  keys: readonly VendorKey[],
  rests: Pick<KeyRests, 'of' | 'running'>,
  nowMs: number,
): RestingModel[] {
  const own = new Set(keys.map(({ id }) => id));
  const named = rests.running().flatMap(([id]) => readModelId(id) ?? []);
  const models = new Set(named.flatMap(({ keyId, model }) => (own.has(keyId) ? [model] : [])));
  return [...models].flatMap((model) => {
    const view = { keys, rests: restsFor(model, rests), nowMs };
    const reason = restReason(view);
    const first = firstToEnd(keys, view.rests);
    if (reason === null || first === undefined) return [];
    const [since, until] = [first.sinceMs, first.untilMs].map((ms) => new Date(ms).toISOString());
    return since && until ? [{ model, reason, since, until }] : [];
  });
}

/** Why none of these keys can be asked with, with the time until one can. */
export function obstacleOfKeys({ keys, rests, nowMs }: KeysNow): VendorFault {
  const first = firstToEnd(keys, rests);
  // Each was tried by this very call, and the vendor wants no rest.
  if (!first) return makeFault('provider_rate_limited', 'No other key is left to try.');
  return makeFault(codes[first.kind], sentenceOf(first, keys.length), first.untilMs - nowMs);
}

/** Why the vendor can't be asked now, for its status; null when a call would get through. */
export function restReason({ keys, rests, nowMs }: KeysNow): string | null {
  if (keys.length === 0 || keys.some((key) => rests.of(key.id) === null)) return null;
  const first = firstToEnd(keys, rests);
  // A call waits that long, so the vendor is as good as ready.
  if (!first || first.untilMs - nowMs <= longestWaitMs) return null;
  return sentenceOf(first, keys.length);
}

/** A key as people see it; `forbidden` says what its vendor does not let it do. */
export function toKeyStatus(
  key: VendorKey,
  rests: Pick<KeyRests, 'of'>,
  forbidden: string | null = null,
): KeyStatus {
  const rest = rests.of(key.id);
  const named = { hint: hintOf(key.secret), owner: key.owner };
  if (!rest) return { ...named, state: 'ready', until: null, reason: forbidden };
  const state = rest.kind === 'refused' ? 'refused' : 'resting';
  return { ...named, state, until: new Date(rest.untilMs).toISOString(), reason: rest.reason };
}

function firstToEnd(keys: readonly VendorKey[], rests: Pick<KeyRests, 'of'>): KeyRest | undefined {
  const running = keys.flatMap((key) => rests.of(key.id) ?? []);
  return running.toSorted((left, right) => left.untilMs - right.untilMs)[0];
}

function sentenceOf({ kind, untilMs, reason }: KeyRest, count: number): string {
  const until = new Date(untilMs).toISOString();
  if (count > 1) return `All ${count} keys rest, the first until ${until}: ${reason}`;
  if (kind === 'refused') return `The key is refused: ${reason}`;
  if (kind === 'forbidden') return `The key is right, but may not do this: ${reason}`;
  return `It rests until ${until}: ${reason}`;
}
