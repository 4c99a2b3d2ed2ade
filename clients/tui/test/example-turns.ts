import type { ModelCard, RouteDecision, Usage } from '@mosaic/proto';
import type { EventBody, GatewayPeer } from './gateway-peer.ts';

export const exampleDecision: RouteDecision = {
  provider: 'anthropic',
  model: 'claude-opus-4-6',
  modelName: 'Claude Opus 4.6',
  rule: 'code-complex',
  authority: 'system-rule',
  reason: 'Claude Opus 4.6: coding (0.91: refactor), complex. Rule code-complex.',
  profile: {
    task: 'coding',
    confidence: 0.91,
    complexity: 'complex',
    domain: 'backend',
    language: 'en',
    needs: [],
    cues: ['refactor'],
    promptTokens: 1_200,
  },
  alternatives: [{ provider: 'openai', model: 'gpt-5.4' }],
  skipped: [],
  considered: [{ rule: 'code-complex', failed: null }],
  expectedCostUsd: 0.02,
  policyVersion: '1',
  tookUs: 120,
};

export const exampleUsage: Usage = {
  inputTokens: 400,
  cacheReadTokens: 3_000,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 612,
  reasoningTokens: 0,
  isEstimated: false,
};

export function modelCard(card: Partial<ModelCard> & Pick<ModelCard, 'model'>): ModelCard {
  return {
    provider: 'anthropic',
    name: card.model,
    contextTokens: 200_000,
    maxOutputTokens: 32_000,
    capabilities: ['tools'],
    price: null,
    isAvailable: true,
    unavailableReason: null,
    ...card,
  };
}

export interface TurnIds {
  readonly conversationId: string;
  readonly messageId: string;
  readonly run: string;
}

export function routed({ messageId, run }: TurnIds, decision = exampleDecision): EventBody {
  return { type: 'turn.routed', run, messageId, agent: 'assistant', decision };
}

export function completed({ messageId, run }: TurnIds, text: string): EventBody {
  return {
    type: 'turn.completed',
    run,
    messageId,
    text,
    step: 0,
    usage: exampleUsage,
    cost: { usd: 0.0142, source: 'table' },
    timings: { firstTokenMs: 300, totalMs: 1_234 },
    isSimulated: false,
    provider: 'anthropic',
    model: 'claude-opus-4-6',
    rule: 'code-complex',
    reason: exampleDecision.reason,
    stop: { unified: 'stop', raw: 'end_turn' },
  };
}

/** Routes and answers a message piece by piece; `pauseMs` lies between two pieces. */
export async function answerMessage(
  peer: GatewayPeer,
  ids: TurnIds,
  { pieces, pauseMs }: { readonly pieces: readonly string[]; readonly pauseMs: number },
): Promise<void> {
  peer.append(ids.conversationId, routed(ids));
  let offset = 0;
  for (const text of pieces) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const { conversationId, run } = ids;
    peer.delta({ conversationId, run, step: 0, kind: 'text', offset, text });
    offset += text.length;
  }
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
  peer.append(ids.conversationId, completed(ids, pieces.join('')));
}
