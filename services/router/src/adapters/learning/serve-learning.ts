import {
  acceptSuggestion,
  deleteExemplar,
  dismissSuggestion,
  type Feedback,
  formatModelRef,
  giveFeedback,
  listExemplars,
  listFeedback,
  listSuggestions,
  MosaicError,
  makeId,
  type ReplyOf,
  type RequestOf,
  type Suggestion,
} from '@mosaic/proto';
import type { SignedCaller } from '@mosaic/service-kit';
import type { TaskModel } from '../../app/classify/task-model.ts';
import { suggest } from '../../app/learning/suggest.ts';
import { findingsOf, refuseErrors } from '../../app/saving/check-rule.ts';
import type { LearningStore } from '../../stores/learning-store.ts';
import {
  lintWorld,
  newestPolicy,
  openStore,
  type RuleServing,
  tellOfChange,
} from '../rules/rule-serving.ts';
import { type FoundTurn, findTurn } from './find-turn.ts';
import { serveTurnReplay } from './serve-turn-replay.ts';

/** As many as suggestions are made from; older feedback is kept and does not count any more. */
const newestFeedback = 200;
const keptWords = 1_000;

/** Answers who says what they think of a route, and who asks what could be learned from it. */
export function serveLearning(serving: RuleServing & { readonly model: TaskModel }): void {
  serveTurnReplay(serving);
  serveFeedback(serving);
  serveSuggestions(serving);
  serveExemplars(serving);
}

function serveFeedback(serving: RuleServing): void {
  const { bus } = serving;
  bus.handle(giveFeedback, async (given, received) => {
    assertWhole(given);
    const turn = await findTurn({ bus, received }, given);
    const feedback = toFeedback(given, turn);
    const { caller } = received;
    await storeOf(serving).keepFeedback(caller.userId, feedback);
    const open = await suggestionsFor(serving, caller);
    const suggestions = open.filter(({ because }) => because.includes(feedback.id));
    return { feedback, suggestions };
  });
  bus.handle(listFeedback, async ({ limit }, { caller }) => ({
    feedback: [...(await storeOf(serving).readFeedback(caller.userId, limit))],
  }));
}

function serveSuggestions(serving: RuleServing): void {
  const { bus } = serving;
  bus.handle(listSuggestions, async (_, { caller }) => ({
    suggestions: [...(await suggestionsFor(serving, caller))],
  }));
  bus.handle(acceptSuggestion, ({ id, scope }, { caller }) =>
    accept(serving, caller, { id, scope }),
  );
  bus.handle(dismissSuggestion, async ({ id }, { caller }) => {
    await findSuggestion(serving, caller, id);
    await storeOf(serving).answer(caller.userId, id, 'dismissed');
    return { isDismissed: true };
  });
}

function serveExemplars(serving: RuleServing): void {
  const { bus } = serving;
  bus.handle(listExemplars, async (_, { caller }) => ({
    exemplars: [...(await newestPolicy(serving, caller)).exemplars],
  }));
  bus.handle(deleteExemplar, async ({ id }, { caller }) => {
    await storeOf(serving).deleteExemplar(caller, id);
    await tellOfChange(serving);
    return { isDeleted: true };
  });
}

/** Throws service_unavailable while nothing can be kept. */
function storeOf({ rules }: RuleServing): LearningStore {
  openStore(rules);
  if (rules.learning === undefined) throw new MosaicError('service_unavailable');
  return rules.learning;
}

function assertWhole({ kind, model, task }: RequestOf<typeof giveFeedback>): void {
  const missing =
    kind === 'task' && task === undefined
      ? 'task'
      : kind === 'model' && model === undefined
        ? 'model'
        : undefined;
  if (missing === undefined) return;
  throw new MosaicError('bad_request', `Feedback of the kind "${kind}" needs "${missing}".`, {
    details: [{ path: missing, message: 'It is missing.' }],
  });
}

function toFeedback(
  { conversationId, kind, messageId, model, task }: RequestOf<typeof giveFeedback>,
  { message, routed }: FoundTurn,
): Feedback {
  const { decision } = routed;
  const [next] = decision.alternatives;
  return {
    id: makeId(),
    at: new Date().toISOString(),
    conversationId,
    messageId,
    kind,
    task: kind === 'task' ? (task ?? null) : null,
    model: kind === 'model' ? (model ?? null) : null,
    words: storable(message.text.slice(0, keptWords)),
    was: {
      task: decision.profile.task,
      complexity: decision.profile.complexity,
      model: formatModelRef(decision),
      rule: decision.rule,
      next: next === undefined ? null : formatModelRef(next),
    },
  };
}

/** PostgreSQL keeps neither the zero character nor half a letter. */
function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

async function suggestionsFor(
  serving: RuleServing,
  caller: SignedCaller,
): Promise<readonly Suggestion[]> {
  const store = storeOf(serving);
  const { userId } = caller;
  const { exemplars, rules } = await newestPolicy(serving, caller);
  const feedback = await store.readFeedback(userId, newestFeedback);
  return suggest({ feedback, rules, exemplars, answered: await store.readAnswered(userId) });
}

/** Throws not_found for one that is not offered to the caller, or was answered already. */
async function findSuggestion(serving: RuleServing, caller: SignedCaller, id: string) {
  const open = await suggestionsFor(serving, caller);
  const found = open.find((one) => one.id === id);
  if (found !== undefined) return found;
  throw new MosaicError('not_found', 'There is no such suggestion, or it was answered already.');
}

/** The rule goes the way of every rule, through the same linter. */
async function accept(
  serving: RuleServing,
  caller: SignedCaller,
  { id, scope }: RequestOf<typeof acceptSuggestion>,
): Promise<ReplyOf<typeof acceptSuggestion>> {
  const suggestion = await findSuggestion(serving, caller, id);
  const saved = await save(serving, caller, { suggestion, scope });
  await storeOf(serving).answer(caller.userId, id, 'accepted');
  await tellOfChange(serving);
  return saved;
}

async function save(
  serving: RuleServing,
  caller: SignedCaller,
  { scope, suggestion }: { readonly suggestion: Suggestion; readonly scope: 'system' | 'user' },
): Promise<ReplyOf<typeof acceptSuggestion>> {
  const { exemplar, rule } = suggestion;
  if (exemplar !== undefined) {
    const made = { id: makeId(), scope, ...exemplar, createdAt: new Date().toISOString() };
    await storeOf(serving).addExemplar(caller, made);
    return { exemplar: made, findings: [] };
  }
  if (rule === undefined) throw new TypeError('a suggestion without rule or exemplar');
  const wished = { ...rule, scope };
  const policy = await newestPolicy(serving, caller);
  const world = await lintWorld(serving, policy, caller);
  const findings = findingsOf(wished, policy.rules, world);
  refuseErrors(findings);
  const stored = await openStore(serving.rules).createRule(caller, wished);
  return { rule: stored, findings };
}
