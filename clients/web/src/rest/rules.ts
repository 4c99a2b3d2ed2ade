import { getEffectiveRules, type ReplyOf } from '@mosaic/proto';
import { request } from './request.ts';

/** The rules in the order in which they are asked, and what is doubtful about them. */
export function fetchRules(): Promise<ReplyOf<typeof getEffectiveRules>> {
  return request('/api/routing/rules/effective', { reply: getEffectiveRules.reply });
}
