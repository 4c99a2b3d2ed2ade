import { useState } from 'react';

/** Messages painted at first, and added each time the reader comes near the end of what is shown. */
const pageSize = 30;
const shownBeforeSought = 10;

interface Range {
  readonly from: number;
  /** Null: to the end, and what comes after it. */
  readonly to: number | null;
}

export interface MessageRange extends Range {
  readonly showEarlier: () => void;
  readonly showLater: () => void;
  readonly showEnd: () => void;
}

interface Wanted {
  readonly count: number;
  /** Index of the message that the address names; -1 when it names none. */
  readonly soughtAt: number;
  /** Another one begins anew: another message is sought, or they are known now. */
  readonly key: string;
}

/** The end, or what stands around the message that is sought: between them may lie thousands. */
function rangeFor({ count, soughtAt }: Wanted): Range {
  if (soughtAt === -1 || count - soughtAt <= pageSize) {
    return { from: Math.max(0, Math.min(count - pageSize, lead(soughtAt, count))), to: null };
  }
  return { from: lead(soughtAt, count), to: soughtAt + pageSize - shownBeforeSought };
}

const lead = (soughtAt: number, count: number): number =>
  soughtAt === -1 ? count : Math.max(0, soughtAt - shownBeforeSought);

/** Which messages of a conversation are painted. */
export function useMessageRange(wanted: Wanted): MessageRange {
  const { count, key } = wanted;
  const [state, setState] = useState({ key, range: rangeFor(wanted) });
  const range = state.key === key ? state.range : rangeFor(wanted);
  if (state.key !== key) setState({ key, range });
  const show = (next: Range): void => setState({ key, range: next });
  return {
    ...range,
    showEarlier: () => show({ ...range, from: Math.max(0, range.from - pageSize) }),
    showLater: () => {
      const to = (range.to ?? count) + pageSize;
      show({ ...range, to: to >= count ? null : to });
    },
    showEnd: () => {
      if (range.to !== null) show(rangeFor({ ...wanted, soughtAt: -1 }));
    },
  };
}
