import type { ModelRef, Turn } from '@mosaic/proto';
import type { StepAnswer } from '../answer-step.ts';
import type { ConversationState } from '../conversation-state.ts';
import { mineOnly, type RunningTurn } from '../running-turn.ts';

/** Messages that joined this run and were not put before the model yet. */
export function unseenIn(state: ConversationState, turn: RunningTurn): string[] {
  return state.joined
    .filter(({ run, messageId }) => run === turn.run && !turn.seen.has(messageId))
    .map(({ messageId }) => messageId);
}

/**
 * The turns that the next step begins with, when messages joined: what the model said last, if it
 * meant to end with it, and the messages. Writes down that they are before the model from here on.
 */
export async function takeJoined(
  turn: RunningTurn,
  next: { readonly step: number; readonly said: StepAnswer | undefined },
): Promise<Turn[]> {
  const { ports, run } = turn;
  const messageIds = unseenIn(ports.log.state, turn);
  if (messageIds.length === 0) return [];
  const texts = new Map(
    (await ports.log.events()).flatMap((event) =>
      event.type === 'message.added' ? [[event.messageId, event.text] as const] : [],
    ),
  );
  const { step, said } = next;
  const { answeredBy: by } = turn.tally;
  const thoughts = said?.thoughts ?? [];
  await ports.log.append(
    {
      type: 'turn.steered',
      run,
      step,
      messageIds,
      text: said?.text ?? '',
      ...(thoughts.length > 0 && { thoughts: [...thoughts] }),
      ...(by && { by }),
    },
    mineOnly(turn),
  );
  for (const messageId of messageIds) turn.seen.add(messageId);
  return [
    ...(said === undefined || said.text === '' ? [] : [assistantTurn(said, by)]),
    ...messageIds.map((messageId): Turn => {
      return { role: 'user', content: [{ type: 'text', text: texts.get(messageId) ?? '' }] };
    }),
  ];
}

function assistantTurn({ text, thoughts }: StepAnswer, by: ModelRef | undefined): Turn {
  return {
    role: 'assistant',
    content: [
      ...thoughts.map((thought) => ({ type: 'reasoning' as const, ...thought })),
      { type: 'text', text },
    ],
    ...(by && { by }),
  };
}
