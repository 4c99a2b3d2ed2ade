import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ProviderName, providerNames, type Turn } from '@mosaic/proto';
import fc from 'fast-check';
import { modelOf, plainRequest, type TestModel, wireOf } from './all-models.ts';
import { goodAnswer, nastyHistory, sealMark, words } from './nasty-history.ts';
import { list, object } from './read-json.ts';
import { assertTakes } from './rules-others.ts';

const runs = { seed: 20_261_125, numRuns: 40 };

const tools = [
  { name: 'clock', description: 'Tells the time.', parameters: { type: 'object', properties: {} } },
];

function wire(turns: Turn[], model: TestModel) {
  return wireOf({ ...plainRequest, tools, effort: 'low', turns }, model);
}

/** A history by A, answered by B, asked of A again: every seal is B's or A's. */
function bothOf(a: ProviderName, b: ProviderName) {
  const [first, second] = [modelOf(a), modelOf(b)];
  const history = nastyHistory([first.ref, second.ref]).map((turns) => [
    ...turns,
    words('And now?'),
    ...goodAnswer(second.ref, 1),
    words('Thanks.'),
    ...goodAnswer(first.ref, 2),
    words('Go on.'),
  ]);
  return { first, second, history };
}

/** What can be compared with the beginning of a longer request: all but the marks for caches. */
function spoken(body: Record<string, unknown>) {
  const unmarked = JSON.stringify(body).replaceAll(',"cache_control":{"type":"ephemeral"}', '');
  const { input, messages, ...rest } = object(JSON.parse(unmarked));
  return { messages: list(input ?? messages), rest };
}

for (const a of providerNames) {
  describe(`a conversation begun with ${a}`, () => {
    for (const b of providerNames) {
      const { first, second, history } = bothOf(a, b);

      test(`is taken by ${b} and, after its answer, by ${a} again`, () => {
        fc.assert(
          fc.property(history, (turns) => {
            for (const model of [first, second]) {
              const { body, json } = wire(turns, model);
              assertTakes[model.ref.provider](body, json);
            }
          }),
          runs,
        );
      });

      test(`shows ${b} no thoughts but its own`, () => {
        fc.assert(
          fc.property(history, (turns) => {
            const { json } = wire(turns, second);
            if (a !== b) assert.ok(!json.includes(sealMark(first.ref)), 'no foreign thought');
            assert.ok(json.includes(sealMark(second.ref)), 'its own thoughts');
          }),
          runs,
        );
      });

      test(`is the same for ${b} every time, and a longer one begins with the same`, () => {
        fc.assert(
          fc.property(history, (turns) => {
            const before = JSON.stringify(turns);
            const once = wire(turns, second);
            assert.deepEqual(wire(structuredClone(turns), second), once);
            assert.equal(JSON.stringify(turns), before, 'nothing is changed in place');
            const longer = [...turns, ...goodAnswer(second.ref, 3), words('More?')];
            const short = spoken(once.body);
            const long = spoken(wire(longer, second).body);
            assert.deepEqual(long.messages.slice(0, short.messages.length), short.messages);
            assert.deepEqual(long.rest, short.rest);
          }),
          runs,
        );
      });
    }
  });
}
