import { type ConversationSummary, toMosaicError } from '@mosaic/proto';
import { useCallback, useEffect, useState } from 'react';
import { fetchConversations } from '../rest/conversations.ts';
import { useTransport } from '../transport/client-context.ts';

/** A list that could not be read is asked for again by itself. */
const againMs = 5_000;
/** Memory writes a moment after the log; asking at once would show the state before. */
const settleMs = 400;

interface ConversationList {
  readonly conversations: readonly ConversationSummary[];
  /** Why it could not be read, for people; what was read before stays. */
  readonly problem: string | null;
  readonly refresh: () => void;
}

/** The list, read again when the shown conversation changes and when the page is seen again. */
export function useConversationList(
  shownId: string | null,
  archived: 'without' | 'only',
): ConversationList {
  const [conversations, setConversations] = useState<readonly ConversationSummary[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const view = useTransport((state) => state.conversations[shownId ?? '']?.view);
  const refresh = useCallback((): void => {
    fetchConversations(archived).then(
      (read) => {
        setConversations(read);
        setProblem(null);
      },
      (error: unknown) => setProblem(toMosaicError(error).message),
    );
  }, [archived]);
  useEffect(() => {
    if (problem === null) return undefined;
    const timer = setInterval(refresh, againMs);
    return () => clearInterval(timer);
  }, [problem, refresh]);
  const seq = view?.seq ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: every event may change the list
  useEffect(() => {
    const timer = setTimeout(refresh, settleMs);
    return () => clearTimeout(timer);
  }, [refresh, seq, shownId]);
  useEffect(() => {
    refresh();
    const onSeen = (): void => {
      if (document.visibilityState === 'visible') refresh();
    };
    document.addEventListener('visibilitychange', onSeen);
    return () => document.removeEventListener('visibilitychange', onSeen);
  }, [refresh]);
  return { conversations, problem, refresh };
}
