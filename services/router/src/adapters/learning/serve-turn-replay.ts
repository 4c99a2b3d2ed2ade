import {
  MosaicError,
  pastWordsOf,
  type ReplyOf,
  type RouteDecision,
  replayTurn,
  turnsFromEvents,
} from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import type { TaskModel } from '../../app/classify/task-model.ts';
import {
  differencesOf,
  isJudgedAgain,
  type ReplayGiven,
  replayDecision,
} from '../../app/replay/replay-decision.ts';
import { type FoundTurn, findTurn } from './find-turn.ts';

/** Answers who wants a stored turn decided once more, from its record. */
export function serveTurnReplay({ bus, model }: { bus: Bus; model: TaskModel }): void {
  bus.handle(replayTurn, async (asked, received) => {
    const turn = await findTurn({ bus, received }, asked);
    const { decision } = turn.routed;
    const again = compare(decision, givenFor(turn, model));
    // What memory made of the past then may differ from what the log makes of it now.
    if (again.isSame || decision.inputs?.question.pastTurns === 0) return again;
    const asRecorded = compare(decision, { text: turn.message.text });
    return asRecorded.isSame ? asRecorded : again;
  });
}

function givenFor({ before, message, routed }: FoundTurn, model: TaskModel): ReplayGiven {
  const hadPast = (routed.decision.inputs?.question.pastTurns ?? 0) > 0;
  const history = hadPast ? { history: pastWordsOf(turnsFromEvents(before)) } : {};
  return { text: message.text, model, ...history };
}

/** Throws conflict for a record that does not say what it was made from. */
function compare(stored: RouteDecision, given: ReplayGiven): ReplyOf<typeof replayTurn> {
  const again = replayDecision(stored, given);
  if (again === undefined) {
    throw new MosaicError('conflict', 'This decision was stored without what it was made from.');
  }
  const differences = differencesOf(again, stored);
  const { stagesUs, tookUs } = stored;
  return {
    isSame: differences.length === 0,
    differences: differences.slice(0, 100),
    profile: isJudgedAgain(stored, given) ? 'judged-again' : 'as-recorded',
    stored,
    replayed: { ...again, tookUs, ...(stagesUs === undefined ? {} : { stagesUs }) },
  };
}
