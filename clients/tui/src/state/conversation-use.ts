import { type AnswerView, type ConversationView, totalInputTokens } from '@mosaic/proto/client';

/** What the answers of a conversation used, as far as it is shown. */
export interface ConversationUse {
  readonly answers: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Sum of the costs that are known, in US dollars; null when none is. */
  readonly costUsd: number | null;
  /** Answers whose cost nobody knows: not in `costUsd`, and not free. */
  readonly unknownCosts: number;
  /** Whether look-alike vendors gave all of them, so that nothing of it was paid. */
  readonly isSimulated: boolean;
  /** About how much the last model had read and written when it stopped; null before any answer. */
  readonly contextTokens: number | null;
  /** `provider/model` of the last answer. */
  readonly lastModel: string | null;
}

/** Adds up the ended answers; the same events, the same sums, in every client. */
export function conversationUse({ messages }: Pick<ConversationView, 'messages'>): ConversationUse {
  const ended = messages.filter(
    (message): message is AnswerView => message.role === 'assistant' && message.usage !== null,
  );
  const known = ended.flatMap(({ cost }) => (cost?.usd == null ? [] : [cost.usd]));
  const last = ended.at(-1);
  return {
    answers: ended.length,
    inputTokens: sum(ended.map(({ usage }) => (usage === null ? 0 : totalInputTokens(usage)))),
    outputTokens: sum(ended.map(outputOf)),
    costUsd: known.length === 0 ? null : sum(known),
    isSimulated: ended.length > 0 && ended.every((answer) => answer.isSimulated),
    unknownCosts: ended.length - known.length,
    contextTokens: last?.usage
      ? Math.round(totalInputTokens(last.usage) / stepsOf(last)) + outputOf(last)
      : null,
    lastModel: last === undefined ? null : `${last.provider}/${last.model}`,
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);

function outputOf({ usage }: AnswerView): number {
  return usage === null ? 0 : usage.outputTokens + usage.reasoningTokens;
}

/** The usage of an answer is the sum of its model calls, each of which reads the whole again. */
const stepsOf = ({ blocks }: AnswerView): number =>
  1 + Math.max(0, ...blocks.map(({ step }) => step));
