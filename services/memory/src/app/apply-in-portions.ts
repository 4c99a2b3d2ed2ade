import type { Applied, ConversationKey, FollowPorts, LoggedEvent } from './follow-conversation.ts';
import { isPortionFull } from './gather-events.ts';

/**
 * Applies events, the oldest first, a portion in each transaction: thousands in a single one, as behind
 * an import, held up every question to the embedded database for seconds. Stops at a gap.
 */
export async function applyInPortions(
  apply: FollowPorts['apply'],
  key: ConversationKey,
  events: readonly LoggedEvent[],
): Promise<Applied> {
  const [first = [], ...others] = portionsOf(events);
  let applied = await apply(key, first);
  let wanted = first.at(-1)?.event.seq ?? 0;
  for (const portion of others) {
    if (applied.seq < wanted) break;
    applied = await apply(key, portion);
    wanted = portion.at(-1)?.event.seq ?? 0;
  }
  return applied;
}

function portionsOf(events: readonly LoggedEvent[]): readonly (readonly LoggedEvent[])[] {
  const portions: LoggedEvent[][] = [];
  let open: LoggedEvent[] = [];
  for (const event of events) {
    if (open.length === 0) portions.push(open);
    open.push(event);
    if (isPortionFull(open)) open = [];
  }
  return portions;
}
