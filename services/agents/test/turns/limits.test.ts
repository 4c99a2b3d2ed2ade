import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Agent, type CompletionPart, MosaicError, type TurnLimits } from '@mosaic/proto';
import { end as plainEnd, start } from '@mosaic/test-kit/samples';
import { limitsInForce } from '../../src/app/limits/turn-limits.ts';
import type { TurnPorts } from '../../src/app/ports.ts';
import { standingChoices } from '../../src/app/settings/standing-choices.ts';
import { systemAgents } from '../../src/app/system-agents.ts';
import { answer, messageId, openLog } from '../turn-in-memory.ts';

const [assistant] = systemAgents as readonly [Agent, ...Agent[]];
const platform = {
  steps: 12,
  stepSeconds: 60,
  turnSeconds: 600,
  tokens: undefined,
  usd: undefined,
};
const created = {
  type: 'conversation.created',
  title: null,
  agent: 'assistant',
  model: null,
} as const;

/** Calls a tool in every step, for ever: each call uses 15 tokens and costs a tenth of a cent. */
async function* callAgain(): AsyncIterable<CompletionPart> {
  yield start;
  yield { type: 'tool-call', call: { id: 'k', name: 'current_time', arguments: {} } };
  yield { ...plainEnd, stop: { unified: 'tool-calls', raw: 'tool_use' } };
}

function withLimits(limits: TurnLimits): Partial<TurnPorts> {
  const agent = { ...assistant, limits };
  const preferences = standingChoices([]);
  return { findPerson: async () => ({ agent, preferences }), complete: callAgain };
}

async function endingOf(more: Partial<TurnPorts>) {
  const { events, log } = openLog([created]);
  await answer(log, more);
  const calls = events.filter(({ type }) => type === 'tool.called').length;
  return { last: events.at(-1), calls };
}

test('an agent’s limits hold within the installation’s and never beyond them', () => {
  assert.deepEqual(limitsInForce(platform, { steps: 3, usd: 0.5 }), {
    ...platform,
    steps: 3,
    usd: 0.5,
  });
  assert.equal(limitsInForce({ ...platform, usd: 0.1 }, { usd: 5 }).usd, 0.1);
  assert.equal(limitsInForce(platform, { steps: 90, turnSeconds: 9_000 }).turnSeconds, 600);
});

for (const [what, limits, calls, code] of [
  ['steps', { steps: 3 }, 3, 'step_limit'],
  ['tokens', { tokens: 40 }, 3, 'budget_exceeded'],
  ['money', { usd: 0.0015 }, 2, 'budget_exceeded'],
] as const) {
  test(`a turn that would take more ${what} than it may ends with one failure`, async () => {
    const { calls: made, last } = await endingOf(withLimits(limits));
    assert.ok(last?.type === 'turn.failed');
    assert.equal(last.failure.code, code);
    assert.equal(made, calls);
    assert.equal(last.usage?.outputTokens, 5 * calls, 'what was used is said');
  });
}

test('the router is told what the turn may cost', async () => {
  let asked: number | undefined;
  const { log } = openLog([created]);
  const ports = withLimits({ usd: 0.25 });
  await answer(log, {
    ...ports,
    decide: async ({ usdLeft }) => {
      asked = usdLeft;
      throw new MosaicError('no_model_available');
    },
  });
  assert.equal(asked, 0.25);
});

for (const [what, sentence] of [
  ['one step', /The model took longer than 7 seconds for one step/],
  ['the turn', /The turn took longer than 90 seconds/],
] as const) {
  test(`a model that is silent ends with the time of ${what}, and what was said stays`, async () => {
    const timers: { readonly ms: number; readonly controller: AbortController }[] = [];
    const isStep = what === 'one step';
    const { last } = await endingOf({
      ...withLimits({ stepSeconds: 7, turnSeconds: 90 }),
      timeLimit(ms, message) {
        const controller = new AbortController();
        timers.push({ ms, controller });
        if (ms === (isStep ? 7_000 : 90_000)) {
          setImmediate(() => controller.abort(new MosaicError('deadline_exceeded', message)));
        }
        return { signal: controller.signal, clear: () => {}, hold: () => () => {} };
      },
      async *complete({ signal }) {
        yield start;
        yield { type: 'text', text: 'I was about to' };
        if (!signal.aborted) {
          await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        }
        const failure = { code: 'cancelled', message: 'stopped', isRetryable: false } as const;
        const phase = 'after-first-part' as const;
        yield { ...plainEnd, type: 'error', failure, phase, skipped: [] };
      },
    });
    assert.ok(last?.type === 'turn.failed');
    assert.equal(last.failure.code, 'deadline_exceeded');
    assert.match(last.failure.message, sentence);
    assert.equal(last.text, 'I was about to');
    assert.equal(last.messageId, messageId);
    assert.deepEqual(
      timers.map(({ ms }) => ms),
      [90_000, 7_000],
    );
  });
}
