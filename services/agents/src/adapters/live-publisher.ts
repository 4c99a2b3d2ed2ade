import { live } from '@mosaic/proto';
import type { Bus, SignedCaller } from '@mosaic/service-kit';
import type { TurnPorts } from '../app/ports.ts';

/** Deltas are sent together after this long or at this size, whichever comes first. */
const flushAfterMs = 30;
const flushAtChars = 256;

type Piece = Parameters<TurnPorts['show']>[0];

export interface LivePublisher {
  show(piece: Piece): void;
  flush(): void;
}

/** Coalesces the words of one turn into deltas with offsets; the first words go out at once. */
export function startLivePublisher(
  bus: Bus,
  caller: SignedCaller,
  conversationId: string,
): LivePublisher {
  const tokens = { userId: caller.userId, conversationId };
  let waiting: Piece | undefined;
  let timer: NodeJS.Timeout | undefined;
  /** Characters sent so far of one kind in one step; offsets begin anew with each step. */
  const sent = new Map<string, number>();
  const place = (piece: Piece) => `${piece.run}.${piece.step}.${piece.kind}`;

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting === undefined) return;
    const { run, step, kind, text } = waiting;
    const offset = sent.get(place(waiting)) ?? 0;
    sent.set(place(waiting), offset + text.length);
    waiting = undefined;
    try {
      bus.publishLive(live, { conversationId, run, step, kind, offset, text }, { tokens, caller });
    } catch {
      // Too large, or the bus is closing. The final event has the whole text, and a timer that throws
      // would end the process with every other turn in it.
    }
  };

  return {
    flush,
    show(piece) {
      if (waiting !== undefined && place(waiting) !== place(piece)) flush();
      const isFirst = waiting === undefined && !sent.has(place(piece));
      waiting = waiting === undefined ? piece : { ...waiting, text: waiting.text + piece.text };
      if (isFirst || waiting.text.length >= flushAtChars) flush();
      else timer ??= setTimeout(flush, flushAfterMs);
    },
  };
}
