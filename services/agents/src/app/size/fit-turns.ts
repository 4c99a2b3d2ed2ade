import type { Turn } from '@mosaic/proto';

/** Room for history in one question on the bus (1 MB with system prompt, tools and headers). */
export const maxTurnsBytes = 800_000;

/**
 * Leaves out the oldest turns until the rest fits into one question. Cuts only in front of a person's
 * turn, so that no tool result loses its call, and never the last one.
 */
export function fitTurns(turns: readonly Turn[], maxBytes: number = maxTurnsBytes): Turn[] {
  const sizes = turns.map((turn) => Buffer.byteLength(JSON.stringify(turn)));
  let total = sizes.reduce((sum, size) => sum + size, 0);
  let first = 0;
  while (total > maxBytes) {
    const next = turns.findIndex((turn, index) => index > first && turn.role === 'user');
    if (next === -1) break;
    for (const size of sizes.slice(first, next)) total -= size;
    first = next;
  }
  return turns.slice(first);
}
