import type { IndexedPassage } from '../../index/passage.ts';
import type { UserIndex } from '../../index/user-index.ts';
import type { Question } from '../read-question.ts';
import { type Column, type Columns, times } from './column.ts';

/** What kind of text each passage is, and whose: the same whatever is asked. */
export interface PassageForms {
  readonly columns: Columns;
  readonly hasQuestion: Column;
  readonly hasTime: Column;
  readonly hasNumber: Column;
  readonly hasName: Column;
  readonly isPreference: Column;
  readonly isAssistant: Column;
  /** Said by the person who talks with an assistant. */
  readonly isUser: Column;
  /** What shall hold for every answer, of people who talk with an assistant. */
  readonly isWish: Column;
  readonly none: Column;
}

export function formsOf({ passages }: UserIndex): PassageForms {
  const column = (read: (passage: IndexedPassage) => number) => Float32Array.from(passages, read);
  const flag = (holds: (passage: IndexedPassage) => boolean) =>
    column((passage) => Number(holds(passage)));
  const flags = {
    hasQuestion: flag(({ marks }) => marks.hasQuestion),
    hasTime: flag(({ marks }) => marks.hasTime),
    hasNumber: flag(({ marks }) => marks.hasNumber),
    hasName: flag(({ marks }) => marks.hasName),
    isPreference: flag(({ marks }) => marks.isPreference),
    isAssistant: flag(({ role }) => role === 'assistant'),
    // People who chat have names; with an assistant there are only the two roles.
    isUser: flag(({ role, speaker }) => role === 'user' && speaker === null),
    isWish: flag(({ marks, speaker }) => marks.isStanding && speaker === null),
  };
  const { hasName, hasNumber, hasTime } = flags;
  const columns = {
    asking: flags.hasQuestion,
    length: column(({ marks }) => Math.log1p(marks.words)),
    short: flag(({ marks }) => marks.words < 4),
    firstPerson: flag(({ marks }) => marks.isFirstPerson),
    firstChunk: flag(({ chunk }) => chunk === 0),
    ...{ hasTime, hasNumber, hasName },
    assistant: flags.isAssistant,
    standing: flag(({ marks }) => marks.isStanding),
    preference: flags.isPreference,
  };
  return { ...flags, columns, none: new Float32Array(passages.length) };
}

interface AskedForms {
  readonly question: Question;
  readonly forms: PassageForms;
  readonly own: Column;
  readonly soft: Column;
  /** A column, or nothing where the question does not ask for it. */
  readonly when: (isAsked: boolean, column: () => Column) => Column;
}

/** Who said a passage and what kind of text it is, beside what the question asks for. */
export function markColumns(
  { passages }: UserIndex,
  question: Question,
  words: Pick<AskedForms, 'forms' | 'own' | 'soft'>,
): Columns {
  const { forms, own } = words;
  const when = (isAsked: boolean, column: () => Column) => (isAsked ? column() : forms.none);
  const asked = { ...words, question, when };
  return {
    askingOwn: times(forms.hasQuestion, own),
    assistantOwn: times(forms.isAssistant, own),
    ...speakerColumns(passages, asked),
    ...answerColumns(asked),
    ...wishColumns(asked),
  };
}

function speakerColumns(
  passages: readonly IndexedPassage[],
  { forms, own, question, when }: AskedForms,
): Columns {
  const { asks, speakers } = question;
  const isNamed = ({ speaker }: IndexedPassage) =>
    speaker !== null && speakers.has(speaker.toLowerCase());
  const asksSpeaker = speakers.size > 0;
  const speaker = when(asksSpeaker, () =>
    Float32Array.from(passages, (passage) => Number(isNamed(passage))),
  );
  return {
    speaker,
    speakerOwn: when(asksSpeaker, () => times(speaker, own)),
    otherSpeaker: when(asksSpeaker, () =>
      Float32Array.from(passages, (one) => Number(one.speaker !== null && !isNamed(one))),
    ),
    assistantAsked: when(asks.assistant, () => forms.isAssistant),
    selfAsked: when(asks.self, () => forms.isUser),
    helpUser: when(asks.help, () => forms.isUser),
  };
}

/** A question for a time is answered by what names one, and so on. */
function answerColumns({ forms, question: { asks }, when }: AskedForms): Columns {
  return {
    timeAsked: when(asks.time, () => forms.hasTime),
    numberAsked: when(asks.number, () => forms.hasNumber),
    nameAsked: when(asks.person || asks.place, () => forms.hasName),
  };
}

/** Who wants help now is helped by what he told before to do always, and by what he likes. */
function wishColumns({ forms, question: { asks }, soft, when }: AskedForms): Columns {
  const asksNow = !asks.past && !asks.assistant;
  return {
    standingAsked: when(asksNow, () => forms.isWish),
    standingSoft: when(asksNow, () => times(forms.isWish, soft)),
    preferenceAsked: when(asks.help, () => forms.isPreference),
    preferenceSoft: when(asks.help, () => times(forms.isPreference, soft)),
  };
}
