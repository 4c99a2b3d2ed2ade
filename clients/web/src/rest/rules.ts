import {
  type Exemplar,
  getEffectiveRules,
  listExemplars,
  listSuggestions,
  type ReplyOf,
  type Suggestion,
  type Tier,
} from '@mosaic/proto';
import { anyReply, request } from './request.ts';

/** What the page of rules shows. */
export interface Routing extends ReplyOf<typeof getEffectiveRules> {
  /** What could be learned and was not answered yet. */
  readonly suggestions: readonly Suggestion[];
  readonly exemplars: readonly Exemplar[];
}

/** The rules in the order in which they are asked, what is doubtful about them, and what was learned. */
export async function fetchRouting(): Promise<Routing> {
  const [rules, { suggestions }, { exemplars }] = await Promise.all([
    request('/api/routing/rules/effective', { reply: getEffectiveRules.reply }),
    request('/api/routing/suggestions', { reply: listSuggestions.reply }),
    request('/api/routing/exemplars', { reply: listExemplars.reply }),
  ]);
  return { ...rules, suggestions, exemplars };
}

/** The named lists of models. */
export async function fetchTiers(): Promise<readonly Tier[]> {
  const path = '/api/routing/rules/effective';
  return (await request(path, { reply: getEffectiveRules.reply })).tiers;
}

/** Removes a rule or an exemplar of one's own. */
export async function removeLearned(kind: 'rules' | 'exemplars', id: string): Promise<void> {
  const path = `/api/routing/${kind}/${encodeURIComponent(id)}`;
  await request(path, { method: 'DELETE', reply: anyReply });
}
