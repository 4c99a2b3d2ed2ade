import { MosaicError, type MovedMessage } from '@mosaic/proto';
import { timeOfDayIn } from '../choice/time-of-day.ts';
import { chooseRoute, type RoutingWorld } from '../choose-route.ts';
import type { PastMessage } from './past-messages.ts';

/** The rules as they are, and as they would be. */
export interface TwoWorlds {
  readonly present: RoutingWorld;
  readonly changed: RoutingWorld;
}

/** What happens to a past message; undefined when it stays where it is. */
export function compareRoutes(message: PastMessage, worlds: TwoWorlds): MovedMessage | undefined {
  // At the time of the message, not of the replay: rules may look at the clock.
  const timeOfDay = timeOfDayIn(message.question.timeZone, Date.parse(message.at));
  const from = goesTo(message, { ...worlds.present, timeOfDay });
  const to = goesTo(message, { ...worlds.changed, timeOfDay });
  if (from?.provider === to?.provider && from?.model === to?.model) return undefined;
  const { at, conversationId, messageId, was } = message;
  return {
    conversationId,
    messageId,
    at,
    text: message.question.text.slice(0, 200),
    was,
    from,
    to,
  };
}

function goesTo({ question }: PastMessage, world: RoutingWorld): MovedMessage['to'] {
  const decision = decide(question, world);
  if (decision === null) return null;
  const { expectedCostUsd, model, provider, rule } = decision;
  return { provider, model, rule, expectedCostUsd };
}

function decide(question: PastMessage['question'], world: RoutingWorld) {
  try {
    return chooseRoute(question, world);
  } catch (thrown) {
    if (thrown instanceof MosaicError && thrown.code === 'no_model_available') return null;
    throw thrown;
  }
}

/** What the moved messages cost before and after, as far as prices are known on both sides. */
export function sumCosts(moved: readonly MovedMessage[]) {
  const sums = { from: 0, to: 0 };
  let unknownCosts = 0;
  for (const { from, to } of moved) {
    const [before, after] = [from?.expectedCostUsd ?? null, to?.expectedCostUsd ?? null];
    if (before === null || after === null) {
      unknownCosts += 1;
      continue;
    }
    sums.from += before;
    sums.to += after;
  }
  return { expectedCostUsd: { ...sums, difference: sums.to - sums.from }, unknownCosts };
}
