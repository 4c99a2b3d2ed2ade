import {
  type ConversationMetrics,
  conversationMetricsSchema,
  type LimitsReport,
  limitsReportSchema,
  type ReplyOf,
  reportUsage,
  type UsageQuery,
} from '@mosaic/proto';
import { request } from './request.ts';

/** What one's own model calls used and cost. */
export function fetchUsage({ by, from, to }: UsageQuery): Promise<ReplyOf<typeof reportUsage>> {
  const path = `/api/usage?from=${from}&to=${to}&by=${by}`;
  return request(path, { reply: reportUsage.reply });
}

export function fetchLimits(): Promise<LimitsReport> {
  return request('/api/usage/limits', { reply: limitsReportSchema });
}

export function fetchMetrics(conversationId: string): Promise<ConversationMetrics> {
  const path = `/api/conversations/${encodeURIComponent(conversationId)}/metrics`;
  return request(path, { reply: conversationMetricsSchema });
}
