import {
  type Authority,
  type decideRoute,
  type ModelCard,
  type ModelRef,
  MosaicError,
  type RequestOf,
  type RouteDecision,
  type RoutingRule,
  type SkippedCandidate,
} from '@mosaic/proto';
import type { TaskModel } from './classify/task-model.ts';
import { defaultChain, policyVersion } from './default-rules.ts';
import { isFollowUp } from './follow-up.ts';
import { failedCondition } from './match-rule.ts';
import { expectedCostUsd, findModel, refOf, whyNot } from './model-catalogue.ts';
import { profileTask } from './profile-task.ts';
import { renderReason } from './render-reason.ts';

export type RouteRequest = RequestOf<typeof decideRoute>;

export interface RoutingWorld {
  readonly cards: readonly ModelCard[];
  readonly rules: readonly RoutingRule[];
  readonly model: TaskModel;
}

/** A model by name, and by whose authority it stands where it stands. */
interface Wish {
  readonly name: string;
  readonly authority: Authority;
  readonly rule: string;
}

/**
 * Chooses the model for one message. Same question, same world, same answer; everything that was
 * looked at is in the record. Throws `no_model_available` when nothing can answer.
 */
export function chooseRoute(
  question: RouteRequest,
  world: RoutingWorld,
): Omit<RouteDecision, 'tookUs'> {
  const profile = profileTask(question, world.model);
  const facts = {
    profile,
    text: question.text,
    agent: question.agent?.name ?? '',
    channel: question.channel ?? '',
  };
  const considered: RouteDecision['considered'] = [];
  const matched = world.rules.find((rule) => {
    const failed = failedCondition(rule, facts);
    considered.push({ rule: rule.name, failed });
    return failed === null;
  });
  const wishes = wishesInOrder(question, world, matched);
  const { usable, skipped } = sift(wishes, world.cards, profile);
  const [chosen, ...others] = usable;
  if (chosen === undefined) throw noModel(skipped);
  const { card, wish } = chosen;
  const record = {
    ...refOf(card),
    modelName: card.name,
    rule: wish.rule,
    authority: wish.authority,
    profile,
    alternatives: others.slice(0, 5).map((other) => refOf(other.card)),
    skipped: skipped.filter((one) => one.rank < chosen.rank).map(({ rank: _rank, ...one }) => one),
    considered,
    expectedCostUsd: expectedCostUsd(card, profile.promptTokens),
    policyVersion: `${policyVersion}+${world.model.version}`,
  };
  return { ...record, reason: renderReason(record) };
}

/** Every model that may be asked, by descending authority; the rest only if those before can't. */
function wishesInOrder(
  question: RouteRequest,
  world: RoutingWorld,
  matched: RoutingRule | undefined,
): Wish[] {
  const wish = (name: string | undefined, authority: Authority, rule: string): Wish[] =>
    name === undefined || name === 'auto' ? [] : [{ name, authority, rule }];
  const { previous } = question;
  const followsUp = previous !== undefined && isFollowUp(question.text);
  const ruled: Authority = matched?.scope === 'user' ? 'user-rule' : 'system-rule';
  const local = world.cards.filter((card) => card.provider === 'ollama');
  return [
    ...wish(question.messageModel, 'message', 'message'),
    ...wish(question.pinnedModel, 'pinned', 'pinned'),
    ...wish(question.agent?.model, 'agent', `agent ${question.agent?.name ?? ''}`),
    ...(followsUp ? wish(nameOf(previous), 'system-rule', 'follow-up') : []),
    ...[matched?.then.model, ...(matched?.then.fallbacks ?? [])].flatMap((name) =>
      wish(name, ruled, matched?.name ?? 'default'),
    ),
    ...defaultChain.flatMap((name) => wish(name, 'default', 'default')),
    ...local.flatMap((card) => wish(nameOf(card), 'default', 'offline')),
  ];
}

function nameOf(ref: ModelRef): string {
  return `${ref.provider}/${ref.model}`;
}

interface Sifted {
  readonly usable: { readonly card: ModelCard; readonly wish: Wish; readonly rank: number }[];
  readonly skipped: (SkippedCandidate & { readonly rank: number })[];
}

/** Hard facts filter and never score: a candidate either can take the prompt now or it is passed over. */
function sift(
  wishes: readonly Wish[],
  cards: readonly ModelCard[],
  profile: RouteDecision['profile'],
): Sifted {
  const seen = new Set<string>();
  const result: Sifted = { usable: [], skipped: [] };
  for (const [rank, wish] of wishes.entries()) {
    const card = findModel(cards, wish.name);
    const key = card === undefined ? wish.name : nameOf(card);
    if (seen.has(key)) continue;
    seen.add(key);
    const why = card === undefined ? 'no provider offers it' : whyNot(card, profile);
    if (card !== undefined && why === null) result.usable.push({ card, wish, rank });
    else result.skipped.push({ ...asRef(wish.name, card), why: (why ?? '').slice(0, 300), rank });
  }
  return result;
}

/** A name without a card is shown as it was written, under the vendor it names or would belong to. */
function asRef(name: string, card: ModelCard | undefined): ModelRef {
  if (card !== undefined) return refOf(card);
  const provider = /^(anthropic|openai|openrouter|zai|ollama)\/(.+)$/.exec(name);
  const vendor = provider?.[1] as ModelRef['provider'] | undefined;
  return { provider: vendor ?? 'openrouter', model: provider?.[2] ?? name };
}

function noModel(skipped: readonly SkippedCandidate[]): MosaicError {
  const first = skipped[0];
  const because = first === undefined ? '' : ` (${nameOf(first)}: ${first.why})`;
  return new MosaicError(
    'no_model_available',
    `No model can answer now${because}. Set a provider's key, for example ANTHROPIC_API_KEY, or start Ollama.`,
    { details: { skipped: skipped.slice(0, 20) } },
  );
}
