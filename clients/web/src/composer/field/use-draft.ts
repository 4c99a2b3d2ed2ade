import { useCallback, useState } from 'react';

const keyOf = (conversationId: string | null): string => `mosaic.draft.${conversationId ?? 'new'}`;

function keep(key: string, text: string): void {
  try {
    if (text === '') sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  } catch (error) {
    // A full storage costs only the safety of a reload; an older text must not come back instead.
    sessionStorage.removeItem(key);
    console.warn('what is being written could not be kept for a reload', error);
  }
}

/** What is being written in one conversation; survives a reload of this tab. */
export function useDraft(conversationId: string | null): readonly [string, (text: string) => void] {
  const key = keyOf(conversationId);
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? '');
  const change = useCallback(
    (next: string): void => {
      setText(next);
      keep(key, next);
    },
    [key],
  );
  return [text, change];
}

/** Takes what is being written along into a conversation that is opened next. */
export function moveDraft(from: string, to: string): void {
  const text = sessionStorage.getItem(keyOf(from)) ?? '';
  keep(keyOf(to), text);
  keep(keyOf(from), '');
}
