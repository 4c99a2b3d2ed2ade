import {
  type ConversationEvent,
  type ConversationMetrics,
  type Cost,
  formatModelRef,
  type ModelRef,
  terminalEventTypes,
  totalInputTokens,
  type Usage,
} from '@mosaic/proto';

/** Who answered a run so far, as far as its events tell. */
type Runs = Map<string, ModelRef>;

/** What a conversation used and cost, counted from its log: the same events, the same numbers. */
export function conversationMetrics(
  conversationId: string,
  events: readonly ConversationEvent[],
): ConversationMetrics {
  const metrics = nothingYet(conversationId);
  const runs: Runs = new Map();
  const open = new Set<string>();
  let last: string | undefined;
  for (const event of events) {
    metrics.seq = event.seq;
    metrics.lastActivityAt = event.at;
    noteOpen(open, event);
    const by = noteRun(runs, event);
    countEvent(metrics, event);
    if (!isEnd(event) || by === undefined) continue;
    const name = formatModelRef(by);
    if (last !== undefined && last !== name) metrics.modelSwitches += 1;
    last = name;
    countModel(metrics, by);
  }
  metrics.answers.running = open.size;
  return metrics;
}

type End = Extract<
  ConversationEvent,
  { type: 'turn.completed' | 'turn.failed' | 'turn.cancelled' }
>;

function isEnd(event: ConversationEvent): event is End {
  return terminalEventTypes.some((type) => type === event.type);
}

function nothingYet(conversationId: string): ConversationMetrics {
  return {
    conversationId,
    seq: 0,
    messages: 0,
    answers: { completed: 0, failed: 0, cancelled: 0, running: 0 },
    tokens: { input: 0, cached: 0, output: 0, reasoning: 0 },
    costUsd: 0,
    unknownCosts: 0,
    modelSwitches: 0,
    models: [],
    toolCalls: 0,
    summaries: 0,
    restarts: 0,
    lastActivityAt: null,
  };
}

function noteOpen(open: Set<string>, event: ConversationEvent): void {
  if (event.type === 'message.added' && event.joins === undefined) open.add(event.messageId);
  if (isEnd(event)) open.delete(event.messageId);
}

/** Who ended a run, or undefined for an end that no model had a part in. */
function noteRun(runs: Runs, event: ConversationEvent) {
  if (event.type === 'turn.completed') return event;
  if (event.type === 'turn.failed' || event.type === 'turn.cancelled') {
    return event.usage === null ? undefined : (event.by ?? runs.get(event.run));
  }
  if (event.type === 'turn.routed') runs.set(event.run, event.decision);
  return undefined;
}

function countEvent(metrics: ConversationMetrics, event: ConversationEvent): void {
  switch (event.type) {
    case 'message.added':
      metrics.messages += 1;
      return;
    case 'tool.called':
      metrics.toolCalls += 1;
      return;
    case 'turn.restarted':
      metrics.restarts += 1;
      return;
    case 'context.summarized':
      metrics.summaries += 1;
      countUsage(metrics, event);
      return;
    case 'turn.completed':
    case 'turn.failed':
    case 'turn.cancelled':
      metrics.answers[endings[event.type]] += 1;
      countUsage(metrics, event);
      return;
    default:
  }
}

const endings = {
  'turn.completed': 'completed',
  'turn.failed': 'failed',
  'turn.cancelled': 'cancelled',
} as const;

function countUsage(
  metrics: ConversationMetrics,
  { cost, usage }: { readonly cost: Cost; readonly usage: Usage | null },
): void {
  if (usage === null) return;
  const { tokens } = metrics;
  tokens.input += totalInputTokens(usage);
  tokens.cached += usage.cacheReadTokens;
  tokens.output += usage.outputTokens;
  tokens.reasoning += usage.reasoningTokens;
  if (cost.usd === null) metrics.unknownCosts += 1;
  else metrics.costUsd += cost.usd;
}

function countModel(
  metrics: ConversationMetrics,
  { model, provider }: { readonly provider: string; readonly model: string },
): void {
  const known = metrics.models.find((one) => one.provider === provider && one.model === model);
  if (known === undefined) metrics.models.push({ provider, model, answers: 1 });
  else known.answers += 1;
}
