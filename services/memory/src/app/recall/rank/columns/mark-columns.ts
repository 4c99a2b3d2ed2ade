import type { IndexedPassage } from '../../index/passage.ts';
import type { UserIndex } from '../../index/user-index.ts';
import type { Question } from '../read-question.ts';
import type { Column, Columns } from './column.ts';

type Read = (passage: IndexedPassage, number: number) => number;

/** A column, and one that is nothing unless a question asks for it. */
interface Makers {
  readonly column: (read: Read) => Column;
  readonly when: (isAsked: boolean, read: Read) => Column;
  readonly ownOf: (number: number) => number;
  readonly softOf: (number: number) => number;
}

/** Who said a passage and what kind of text it is, beside what the question asks for. */
export function markColumns(
  index: UserIndex,
  question: Question,
  { own, soft }: { readonly own: Column; readonly soft: Column },
): Columns {
  const makers: Makers = {
    column: (read) => Float32Array.from(index.passages, read),
    when: (isAsked, read) =>
      isAsked ? Float32Array.from(index.passages, read) : new Float32Array(index.passages.length),
    ownOf: (number) => own[number] ?? 0,
    softOf: (number) => soft[number] ?? 0,
  };
  return {
    ...formColumns(makers),
    ...speakerColumns(question, makers),
    ...answerColumns(question, makers),
    ...wishColumns(question, makers),
  };
}

function formColumns({ column, ownOf }: Makers): Columns {
  return {
    asking: column(({ marks }) => Number(marks.hasQuestion)),
    askingOwn: column(({ marks }, number) => (marks.hasQuestion ? ownOf(number) : 0)),
    length: column(({ marks }) => Math.log1p(marks.words)),
    short: column(({ marks }) => Number(marks.words < 4)),
    firstPerson: column(({ marks }) => Number(marks.isFirstPerson)),
    firstChunk: column(({ chunk }) => Number(chunk === 0)),
    hasTime: column(({ marks }) => Number(marks.hasTime)),
    hasNumber: column(({ marks }) => Number(marks.hasNumber)),
    hasName: column(({ marks }) => Number(marks.hasName)),
  };
}

/** People who chat have names; with an assistant there are only the two roles. */
const isUser = ({ role, speaker }: IndexedPassage) => role === 'user' && speaker === null;

function speakerColumns({ asks, speakers }: Question, { column, when, ownOf }: Makers): Columns {
  const isNamed = ({ speaker }: IndexedPassage) =>
    speaker !== null && speakers.has(speaker.toLowerCase());
  const asksSpeaker = speakers.size > 0;
  return {
    speaker: when(asksSpeaker, (passage) => Number(isNamed(passage))),
    speakerOwn: when(asksSpeaker, (passage, number) => (isNamed(passage) ? ownOf(number) : 0)),
    otherSpeaker: when(asksSpeaker, (passage) =>
      Number(passage.speaker !== null && !isNamed(passage)),
    ),
    assistant: column(({ role }) => Number(role === 'assistant')),
    assistantOwn: column(({ role }, number) => (role === 'assistant' ? ownOf(number) : 0)),
    assistantAsked: when(asks.assistant, ({ role }) => Number(role === 'assistant')),
    selfAsked: when(asks.self, (passage) => Number(isUser(passage))),
    helpUser: when(asks.help, (passage) => Number(isUser(passage))),
  };
}

/** A question for a time is answered by what names one, and so on. */
function answerColumns({ asks }: Question, { when }: Makers): Columns {
  return {
    timeAsked: when(asks.time, ({ marks }) => Number(marks.hasTime)),
    numberAsked: when(asks.number, ({ marks }) => Number(marks.hasNumber)),
    nameAsked: when(asks.person || asks.place, ({ marks }) => Number(marks.hasName)),
  };
}

/** Who wants help now is helped by what he told before to do always, and by what he likes. */
function wishColumns({ asks }: Question, { column, when, softOf }: Makers): Columns {
  const isStanding = (passage: IndexedPassage) =>
    passage.marks.isStanding && passage.speaker === null;
  const asksNow = !asks.past && !asks.assistant;
  return {
    standing: column(({ marks }) => Number(marks.isStanding)),
    standingAsked: when(asksNow, (passage) => Number(isStanding(passage))),
    standingSoft: when(asksNow, (passage, number) => (isStanding(passage) ? softOf(number) : 0)),
    preference: column(({ marks }) => Number(marks.isPreference)),
    preferenceAsked: when(asks.help, ({ marks }) => Number(marks.isPreference)),
    preferenceSoft: when(asks.help, ({ marks }, number) =>
      marks.isPreference ? softOf(number) : 0,
    ),
  };
}
