import type { Authority } from '@mosaic/proto';
import { defaultChain } from '../default-rules.ts';
import { conditionsIn } from '../rules/explain-failure.ts';
import type { Deciding } from './deciding.ts';
import { isLocal } from './judge-card.ts';
import { nameOf, type Wish } from './sift-candidates.ts';
import type { Walk, WalkedRule } from './walk-rules.ts';

/** Every model that may be asked, by descending authority; the rest only if those before can't. */
export function wishesInOrder({ followsUp, question, world }: Deciding, walk: Walk): Wish[] {
  const wish = (name: string | undefined, authority: Authority, rule: string): Wish[] =>
    name === undefined || name === 'auto' ? [] : [{ name, authority, rule }];
  const { agent, previous } = question;
  const goesOn =
    followsUp && previous !== undefined ? wish(nameOf(previous), 'system-rule', 'follow-up') : [];
  const ofRule = wishesOfRule(walk);
  return [
    ...wish(question.messageModel, 'message', 'message'),
    ...wish(question.pinnedModel, 'pinned', 'pinned'),
    ...wish(question.preferredModel, 'pinned', 'preference'),
    ...wish(agent?.model, 'agent', `agent ${agent?.name ?? ''}`),
    ...(speaksOfFollowUps(walk.byModel) ? [...ofRule, ...goesOn] : [...goesOn, ...ofRule]),
    ...defaultChain.flatMap((name) => wish(name, 'default', 'default')),
    ...world.cards.filter(isLocal).flatMap((card) => wish(nameOf(card), 'default', 'offline')),
  ];
}

/** Within a task the model stays, unless a rule says otherwise: one that asks about follow-ups does. */
function speaksOfFollowUps(rule: WalkedRule | undefined): boolean {
  return rule?.when.flatMap(conditionsIn).some(({ field }) => field === 'followsUp') ?? false;
}

function wishesOfRule({ byAgent, byModel }: Walk): Wish[] {
  if (byModel === undefined) return [];
  const { agent, fallbacks, model, tier } = byModel.then;
  const params = { ...byAgent?.then.params, ...byModel.then.params };
  const names = [
    ...(model === undefined ? [] : [model]),
    ...(tier === undefined ? [] : [`tier/${tier}`]),
    ...(agent === undefined ? [] : [`agent/${agent}`]),
    ...fallbacks,
  ];
  return names
    .filter((name) => name !== 'auto')
    .map((name) => ({
      name,
      authority: byModel.scope === 'user' ? 'user-rule' : 'system-rule',
      rule: byModel.name,
      params,
    }));
}
