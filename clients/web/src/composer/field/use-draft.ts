import { useCallback, useState } from 'react';

const keyOf = (conversationId: string | null): string => `mosaic.draft.${conversationId ?? 'new'}`;

/** What is being written in one conversation; survives a reload of this tab. */
export function useDraft(conversationId: string | null): readonly [string, (text: string) => void] {
  const key = keyOf(conversationId);
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? '');
  const change = useCallback(
    (next: string): void => {
      setText(next);
      if (next === '') sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, next);
    },
    [key],
  );
  return [text, change];
}
