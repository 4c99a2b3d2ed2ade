import { useCallback, useEffect, useState } from 'react';
import { type Draft, keepDraft, loadDraft } from './kept-draft.ts';

interface WrittenDraft extends Draft {
  readonly setText: (text: string) => void;
  readonly setPasted: (pasted: readonly string[]) => void;
  /** What is left when something was sent. */
  readonly setDraft: (draft: Draft) => void;
}

/** What is being written in one conversation; survives a reload of this tab. */
export function useDraft(conversationId: string | null): WrittenDraft {
  const [draft, setDraft] = useState(() => loadDraft(conversationId));
  const keep = useCallback(
    (left: Draft): void => {
      // At once: what is sent may open another conversation, and with it this one's effects are gone.
      keepDraft(conversationId, left);
      setDraft(left);
    },
    [conversationId],
  );
  useEffect(() => keepDraft(conversationId, draft), [conversationId, draft]);
  const setText = useCallback(
    (text: string): void => setDraft((before) => ({ ...before, text })),
    [],
  );
  const setPasted = useCallback(
    (pasted: readonly string[]): void => setDraft((before) => ({ ...before, pasted })),
    [],
  );
  return { ...draft, setText, setPasted, setDraft: keep };
}
