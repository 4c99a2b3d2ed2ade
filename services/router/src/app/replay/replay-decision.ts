import type { RecordedInputs, RouteDecision, TaskProfile } from '@mosaic/proto';
import type { RouteRequest } from '../choice/deciding.ts';
import { decide } from '../choose-route.ts';
import type { TaskModel } from '../classify/task-model.ts';
import { takeJudgement } from '../judge/take-judgement.ts';
import { taughtBy } from '../learning/near-exemplar.ts';
import { profileTask } from '../profile-task.ts';

/** What a record does not hold: the message's own words, and the classifier. */
export interface ReplayGiven {
  readonly text: string;
  /** The turns before, as they were sent; without those that came with it its profile is taken. */
  readonly history?: RouteRequest['history'];
  /** The words are judged again when this is the classifier of that time; else its word is taken. */
  readonly model?: TaskModel | undefined;
}

/** What is in a record but not what was decided: the clock's part of it. */
type Timed = 'tookUs' | 'stagesUs';

/** A decision without the microseconds that it took. */
export type Untimed = Omit<RouteDecision, Timed>;

/**
 * Decides once more from what a record says it was decided from: the same inputs give the same
 * record. Undefined for a record without inputs (an old one, or one of too many rules).
 */
export function replayDecision(record: Untimed, given: ReplayGiven): Untimed | undefined {
  const { exemplar: near, inputs, judge, modelFile } = record;
  if (inputs === undefined || modelFile === undefined) return undefined;
  const { history = [], model, text } = given;
  const { pastTurns, ...asked } = inputs.question;
  const question: RouteRequest = { ...asked, text, ...(pastTurns > 0 ? { history } : {}) };
  const profile =
    model !== undefined && isJudgedAgain(record, given)
      ? takeJudgement(judgeAgain(question, model, near), judge)
      : record.profile;
  return decideFrom(inputs, { question, profile, modelVersion: modelFile, record }).record;
}

/** Whether the words can be judged again as they were then: by the same file, with the same past. */
export function isJudgedAgain(
  { inputs, modelFile }: Pick<Untimed, 'inputs' | 'modelFile'>,
  { history = [], model }: ReplayGiven,
): boolean {
  return model?.version === modelFile && history.length === inputs?.question.pastTurns;
}

/** Whether the message is like that exemplar was found out then; exemplars come and go. What a judge said is a fact. */
function judgeAgain(question: RouteRequest, model: TaskModel, near: RouteDecision['exemplar']) {
  const judged = profileTask(question, model);
  return near === undefined ? judged : taughtBy(judged, near);
}

function decideFrom(
  inputs: RecordedInputs,
  asked: {
    readonly question: RouteRequest;
    readonly profile: TaskProfile;
    readonly modelVersion: string;
    readonly record: Pick<RouteDecision, 'facts' | 'exemplar' | 'judge'>;
  },
) {
  const { agents, budgetLeftUsd, caller, cards, policyVersion, rules, tiers, timeOfDay } = inputs;
  const { modelVersion, profile, question, record } = asked;
  const latencies = new Map(cards.map((card) => [`${card.provider}/${card.model}`, card.latency]));
  const followsUp = record.facts?.find(({ fact }) => fact === 'followsUp')?.value === 'yes';
  return decide({
    question,
    profile,
    near: record.exemplar,
    judge: record.judge,
    followsUp,
    modelVersion,
    world: {
      cards,
      rules,
      book: { tiers, agents: agents ?? undefined },
      policyVersion,
      caller,
      timeOfDay,
      budgetLeftUsd,
      latencyOf: ({ model, provider }) => latencies.get(`${provider}/${model}`) ?? null,
    },
  });
}

/** A record without the microseconds, as JSON whose keys are in order: equal when and only when the same. */
export function canonicalDecision(record: Untimed & Partial<Pick<RouteDecision, Timed>>): string {
  const { stagesUs: _stages, tookUs: _took, ...untimed } = record;
  return JSON.stringify(untimed, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
      : value,
  );
}

/** The paths at which two records differ, such as `profile.task`; none when they are the same. */
export function differencesOf(left: Untimed, right: Untimed): readonly string[] {
  return pathsOf(JSON.parse(canonicalDecision(left)), JSON.parse(canonicalDecision(right)), '');
}

function pathsOf(left: unknown, right: unknown, path: string): readonly string[] {
  if (JSON.stringify(left) === JSON.stringify(right)) return [];
  if (!isRecord(left) || !isRecord(right)) return [path];
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return names.flatMap((name) => {
    const place = path === '' ? name : `${path}.${name}`;
    return pathsOf(left[name], right[name], place);
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
