import type { ErrorCode } from '@mosaic/proto';
import { isOfModel } from '../choose-next-step.ts';
import type { Rest } from '../keys/key-rests.ts';
import { notAskedFault } from '../vendor/vendor-fault.ts';
import type { Timers, VendorFault } from '../vendor/vendor-port.ts';
import { type Admission, type Breaker, makeBreaker, type Verdict } from './breaker.ts';

/** Faults of the request: whoever finds them is there. */
const showsLife: ReadonlySet<ErrorCode> = new Set([
  'provider_refused',
  'provider_content_filter',
  'context_too_long',
]);

/** Answers about the key, the account or the model: a host that gives them is there. */
const hostAnswered: ReadonlySet<ErrorCode> = new Set([
  ...showsLife,
  'provider_auth',
  'provider_forbidden',
  'provider_quota',
  'provider_rate_limited',
  'provider_overloaded',
  'provider_failed',
  'unknown_model',
]);

/** Models remembered of one host. Any name may be asked for. */
const mostModels = 500;

/** What the calls of one host say about it and about its models. */
export interface HostHealth {
  /** Lets a call of this model through, or says why not. */
  admit(model: string): Admission | { readonly why: string };
  /** The host answered beside the calls of models. */
  answered(): void;
  /** Why the host is left alone now, or null. */
  rest(): Rest | null;
  restingModels(): readonly (Rest & { readonly model: string })[];
}

/** Health of the host behind one address: a breaker for itself and one for each model. */
export function makeHostHealth({ now }: Pick<Timers, 'now'>): HostHealth {
  const host = makeBreaker({ now, judge: judgeHost });
  const models = new Map<string, Breaker>();
  const breakerOf = (model: string): Breaker => {
    const known = models.get(model);
    if (known) return known;
    if (models.size >= mostModels) {
      const [victim] = [...models].find(([, one]) => one.isClear) ?? [...models.keys()];
      if (victim !== undefined) models.delete(victim);
    }
    const fresh = makeBreaker({ now, judge: judgeModel });
    models.set(model, fresh);
    return fresh;
  };
  return {
    admit(model) {
      const breaker = breakerOf(model);
      const atHost = host.admit();
      if (atHost === null) return { why: whyNot(host) };
      const atModel = breaker.admit();
      if (atModel === null) {
        atHost.ended(notAskedFault);
        return { why: whyNot(breaker) };
      }
      return {
        answers() {
          atHost.answers();
          atModel.answers();
        },
        ended(fault) {
          atHost.ended(fault);
          atModel.ended(fault);
        },
      };
    },
    answered: () => host.close(),
    rest: () => host.rest(),
    restingModels: () =>
      [...models].flatMap(([model, breaker]) => {
        const rest = breaker.rest();
        return rest ? [{ ...rest, model }] : [];
      }),
  };
}

function whyNot(breaker: Breaker): string {
  return breaker.rest()?.reason ?? 'another call finds out whether it is well again.';
}

function judgeModel(fault: VendorFault | null): Verdict {
  if (fault === null || showsLife.has(fault.code)) return 'well';
  return isOfModel.has(fault.code) ? 'unwell' : 'unknown';
}

function judgeHost(fault: VendorFault | null): Verdict {
  if (fault === null || hostAnswered.has(fault.code)) return 'well';
  return fault.code === 'provider_unreachable' ? 'unwell' : 'unknown';
}
