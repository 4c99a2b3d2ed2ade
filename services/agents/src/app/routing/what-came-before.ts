import { type PastWords, pastWordsOf, type Turn } from '@mosaic/proto';
import type { ConversationState } from '../conversation-state.ts';

/** What the router should know of the turns before a message. */
export interface WhatCameBefore {
  readonly previousProfile?: Pick<
    NonNullable<ConversationState['lastProfile']>,
    'task' | 'complexity'
  >;
  readonly history?: PastWords[];
  /** Tokens that the vendor of the last answer may still have in its prompt cache. */
  readonly cachedTokens?: number;
}

/** The shortest life of a prompt cache among the vendors. */
const cacheLifeMs = 5 * 60_000;

/** `turns` end with the message that is to be answered, which is no past. */
export function whatCameBefore(
  { lastProfile }: Pick<ConversationState, 'lastProfile'>,
  turns: readonly Turn[],
  nowMs: number,
): WhatCameBefore {
  if (lastProfile === undefined) return {};
  const { at, complexity, promptTokens, task } = lastProfile;
  const history = pastWordsOf(turns.slice(0, -1));
  const isWarm = nowMs - Date.parse(at) < cacheLifeMs;
  return {
    previousProfile: { task, complexity },
    ...(history.length === 0 ? {} : { history }),
    ...(isWarm ? { cachedTokens: promptTokens } : {}),
  };
}
