import type { ReplyOf, searchPassages } from '@mosaic/proto';
import type { Clock } from '@mosaic/service-kit';
import { readWordVectors } from '@mosaic/word-vectors';
import type { IndexedPassage } from '../../app/recall/index/passage.ts';
import { markWords } from '../../app/recall/pack/mark-words.ts';
import {
  type FoundPassage,
  packPassages,
  type Recalled,
} from '../../app/recall/pack/pack-passages.ts';
import { type RankedPassage, rankPassages } from '../../app/recall/rank/rank-passages.ts';
import type { RankedIndex } from '../../app/recall/rank/ranked-index.ts';
import type { Question } from '../../app/recall/rank/read-question.ts';
import type { MemoryStore } from '../../stores/memory-store.ts';
import type { IndexState } from '../../stores/passages/read-passages.ts';
import type { SearchHit } from '../../stores/search.ts';
import type { IndexCache, KnownIndex } from './index-cache.ts';
import type { QuestionVectors } from './question-vectors.ts';

type Reply = ReplyOf<typeof searchPassages>;

export interface RecallQuery {
  readonly text: string;
  readonly limit: number;
  readonly tokenBudget: number;
  /** Search this conversation alone. */
  readonly conversationId?: string | undefined;
  /** Search everything but this one. */
  readonly exceptConversationId?: string | undefined;
}

/** Finds what one user has said and saved. */
export interface Recall {
  search(userId: string, query: RecallQuery): Promise<Reply>;
  /** Messages with words of a query, best first, those words marked. */
  searchMessages(
    userId: string,
    query: { readonly text: string; readonly limit: number },
  ): Promise<readonly SearchHit[]>;
  /** Forgets everything about a user that is held in memory. */
  forget(userId: string): void;
}

export interface RecallParts {
  readonly store: Pick<MemoryStore, 'readTexts'>;
  readonly indexes: IndexCache;
  readonly vectors: QuestionVectors;
  readonly clock: Clock;
}

/** More than are asked for, because some are superseded, alike or too long. */
const spare = 4;

export function openRecall(parts: RecallParts): Recall {
  return {
    search: (userId, query) => search(parts, userId, query),
    searchMessages: (userId, query) => searchMessages(parts, userId, query),
    forget(userId) {
      parts.indexes.forget(userId);
      parts.vectors.forget(userId);
    },
  };
}

async function search(parts: RecallParts, userId: string, query: RecallQuery): Promise<Reply> {
  const startedMs = performance.now();
  const { found, question, signals, titles } = await upToDate(parts, userId, async (known) => {
    const vectors = await parts.vectors.of(userId, { text: query.text, ranked: known.ranked });
    const { question, found } = rank(parts, known.ranked, {
      text: query.text,
      limit: query.limit * spare,
      likenesses: vectors.likenesses,
      isWanted: scopeOf(query),
    });
    const relevant = found.filter(({ isRelevant }) => isRelevant);
    return {
      question,
      signals: vectors.signals,
      ...(await readFound(parts, userId, { known, ranked: relevant })),
    };
  });
  const packed = packPassages(found, {
    limit: query.limit,
    tokenBudget: query.tokenBudget,
    withSuperseded: question.asks.past,
  });
  return {
    passages: packed.map((one) => toReply(one, titles.get(one.first.version) ?? null)),
    signals,
    micros: Math.round((performance.now() - startedMs) * 1_000),
  };
}

/**
 * What `look` makes of the user's index. One that is in memory is tried first: whether the tables
 * still are as it says comes with the texts, and only where they are not is it brought up and looked
 * at again.
 */
async function upToDate<Looked extends { readonly state: IndexState }>(
  { indexes }: RecallParts,
  userId: string,
  look: (known: KnownIndex) => Promise<Looked>,
): Promise<Looked> {
  const known = indexes.known(userId);
  if (known !== undefined) {
    const looked = await look(known);
    if (isSame(looked.state, known.state)) return looked;
  }
  return look(await indexes.of(userId));
}

function isSame(left: IndexState, right: IndexState): boolean {
  return left.version === right.version && left.removals === right.removals;
}

function scopeOf({ conversationId, exceptConversationId }: RecallQuery) {
  return (passage: IndexedPassage) =>
    (conversationId === undefined || passage.conversationId === conversationId) &&
    (exceptConversationId === undefined ||
      passage.source === 'memory' ||
      passage.conversationId !== exceptConversationId);
}

interface Asked {
  readonly text: string;
  readonly limit: number;
  readonly likenesses?: Float32Array<ArrayBuffer> | undefined;
  readonly needsWord?: boolean;
  readonly isWanted: (passage: IndexedPassage) => boolean;
}

function rank({ clock }: RecallParts, ranked: RankedIndex, { likenesses, ...asked }: Asked) {
  return rankPassages(ranked, asked.text, {
    ...asked,
    nowMs: clock.now(),
    table: readWordVectors(),
    ...(likenesses !== undefined && { likenesses }),
  });
}

/** Those of the ranked passages that are still there, with their texts. */
async function readFound(
  { store }: RecallParts,
  userId: string,
  { known, ranked }: { readonly known: KnownIndex; readonly ranked: readonly RankedPassage[] },
) {
  // Nothing to read; and an index that was just brought up needs no confirmation.
  if (known.isFresh && ranked.length === 0) {
    return { state: known.state, found: [], titles: new Map<number, string | null>() };
  }
  const versions = ranked.map(({ passage }) => passage.version);
  const { state, texts } = await store.readTexts(userId, versions);
  const found = ranked.flatMap((one) => {
    const stored = texts.get(one.passage.version);
    return stored === undefined ? [] : [{ ...one, text: stored.text }];
  });
  const titles = new Map([...texts].map(([version, { title }]) => [version, title]));
  return { state, found, titles };
}

function toReply(one: Recalled, title: string | null): Reply['passages'][number] {
  const { source, sourceId, conversationId, saidAtMs, role, speaker } = one.first;
  return {
    id: sourceId,
    source,
    ...(conversationId !== null && { conversationId }),
    ...(title !== null && { title }),
    saidAt: new Date(saidAtMs).toISOString(),
    role,
    ...(speaker !== null && { speaker }),
    text: one.text,
    score: Math.round(one.score * 10_000) / 10_000,
    parts: one.parts,
  };
}

async function searchMessages(
  parts: RecallParts,
  userId: string,
  { text, limit }: { readonly text: string; readonly limit: number },
): Promise<readonly SearchHit[]> {
  const isWanted = ({ source }: IndexedPassage) => source === 'message';
  const asked = { text, limit: limit * spare, needsWord: true, isWanted };
  const looked = await upToDate(parts, userId, async (known) => {
    const { question, found } = rank(parts, known.ranked, asked);
    const best = firstOfEach(found).slice(0, limit);
    return { question, ...(await readFound(parts, userId, { known, ranked: best })) };
  });
  const { found, question, titles } = looked;
  return found.flatMap((one) => toHit(one, question, titles.get(one.passage.version) ?? null));
}

/** The best piece of each message. */
function firstOfEach(found: readonly RankedPassage[]): readonly RankedPassage[] {
  const seen = new Set<number>();
  return found.filter(({ passage }) => !seen.has(passage.unit) && seen.add(passage.unit));
}

function toHit(
  { passage, text, score }: FoundPassage,
  question: Question,
  title: string | null,
): readonly SearchHit[] {
  const { conversationId, sourceId, role, saidAtMs, language } = passage;
  if (conversationId === null) return [];
  const at = new Date(saidAtMs).toISOString();
  const snippet = markWords(text, language, question);
  return [{ conversationId, title, messageId: sourceId, role, snippet, at, score }];
}
