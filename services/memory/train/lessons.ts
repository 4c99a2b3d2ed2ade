import { readWordVectors } from '@mosaic/word-vectors';
import type { Passage } from '../src/app/recall/index/passage.ts';
import { makePieces } from '../src/app/recall/make-pieces.ts';
import { buildColumns } from '../src/app/recall/rank/build-columns.ts';
import type { Columns } from '../src/app/recall/rank/columns/column.ts';
import {
  emptyRankedIndex,
  type RankedIndex,
  withPassages,
} from '../src/app/recall/rank/ranked-index.ts';
import { namedShareOf } from '../src/app/recall/rank/ranker.ts';
import { readQuestion } from '../src/app/recall/rank/read-question.ts';
import type { BenchmarkQuestion, Sample } from './benchmarks.ts';

/** A question with what speaks for every passage, and where its answer stands. */
export interface Lesson {
  readonly sample: Sample;
  readonly question: BenchmarkQuestion;
  readonly columns: Columns;
  /** Id of the message that each passage is of. */
  readonly ids: readonly string[];
  /** The share of messages that name their speaker. */
  readonly namedShare: number;
}

/** The passages that the service would write for a sample. */
export function passagesOf(sample: Sample): readonly Passage[] {
  const places = new Map<string, number>();
  return sample.messages.flatMap((message) => {
    const position = (places.get(message.talk) ?? 0) + 1;
    places.set(message.talk, position);
    return makePieces(message.text, readWordVectors()).map((piece) => ({
      ...piece,
      version: 0,
      source: 'message' as const,
      sourceId: String(message.id),
      conversationId: message.talk,
      position,
      role: message.role,
      speaker: message.speaker,
      saidAtMs: message.atMs,
      supersededAtMs: null,
      hash: '',
    }));
  });
}

export function indexOf(passages: readonly Passage[]): RankedIndex {
  return withPassages(emptyRankedIndex(readWordVectors()), passages);
}

/** A lesson for each question of a sample that has evidence. */
export function lessonsOf(sample: Sample, ranked = indexOf(passagesOf(sample))): readonly Lesson[] {
  const { index } = ranked;
  const ids = index.passages.map(({ sourceId }) => sourceId);
  const namedShare = namedShareOf(index);
  return sample.questions.map((question) => {
    const options = { nowMs: sample.askedAtMs, table: readWordVectors() };
    const columns = buildColumns(ranked, readQuestion(question.text, index, options));
    return { sample, question, columns, ids, namedShare };
  });
}
