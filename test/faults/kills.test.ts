import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { answerText, type ServiceName } from '@mosaic/proto';
import { waitFor } from '@mosaic/test-kit';
import { owner, type Person } from '../person.ts';
import { checkInvariants } from './invariants.ts';
import { type IsolatedMosaic, startIsolated, talker } from './isolated-mosaic.ts';
import { type Witness, watchNew } from './witness.ts';

let stack: IsolatedMosaic;
let me: Person;
before(async () => {
  stack = await startIsolated();
  me = owner(stack.mosaic);
});
after(() => stack?.stop());

const words = Array.from({ length: 60 }, (_, index) => `word${index}`).join(' ');
const killed: readonly ServiceName[] = ['agents', 'router', 'providers', 'memory', 'gateway'];

function answerWithWords(): void {
  const { vendors } = stack.mosaic;
  vendors.clearScripts();
  vendors.script({ model: talker, reply: words, paceMs: 20, times: 500 });
}

/** The first question of each conversation is answered by a search, everything else by words. */
function answerWithSearch(): void {
  const { vendors } = stack.mosaic;
  vendors.clearScripts();
  const toolCalls = [{ name: 'search_conversations', arguments: { query: 'cat' } }];
  vendors.script({ model: talker, reply: 'Let me see.', toolCalls, stop: 'tool-calls' });
  vendors.script({ model: talker, reply: words, paceMs: 5, times: 500 });
}

const isTalking = (witness: Witness) =>
  witness.until((view) => {
    const last = view.messages.at(-1);
    return last?.role === 'assistant' && answerText(last).length > 20;
  }, 'some words');

for (const name of killed) {
  test(`kill -9 of ${name} in mid-stream: every message ends once, here and in a conversation that begins meanwhile`, async () => {
    answerWithWords();
    const [one, other] = await Promise.all([
      watchNew(stack.mosaic.url, me),
      watchNew(stack.mosaic.url, me),
    ]);
    await one.send('Tell me many words, friend');
    await isTalking(one);
    const back = stack.kill(name);
    await Promise.all([other.send('And me as well, friend'), one.send('And once more, friend')]);
    await back;
    const [mine, theirs] = await Promise.all([
      checkInvariants(stack.mosaic, me, one),
      checkInvariants(stack.mosaic, me, other),
    ]);
    // What was shown already is not said again by another provider: that turn fails, once.
    const isShown = name === 'providers';
    assert.deepEqual(mine.types, [isShown ? 'turn.failed' : 'turn.completed', 'turn.completed']);
    assert.deepEqual(theirs.types, ['turn.completed']);
    assert.deepEqual([mine.texts.at(-1), theirs.texts[0]], [words, words]);
    if (isShown) assert.ok(words.startsWith(mine.texts[0] ?? '-'));
    else assert.equal(mine.texts[0], words);
    assert.equal(mine.restarts, name === 'agents' ? 1 : 0);
    for (const witness of [one, other]) witness.close();
  });
}

for (const name of killed) {
  test(`kill -9 of ${name} in mid-tool: the turn goes on to its one answer`, async () => {
    answerWithSearch();
    const one = await watchNew(stack.mosaic.url, me);
    // The tool asks memory, which stands still: so it is at work for as long as is needed.
    const goOn = await stack.hold('memory');
    await one.send('Look for my cat, friend');
    await waitFor(() => one.events.some(({ type }) => type === 'tool.called'), {
      timeoutMs: 20_000,
    });
    await stack.kill(name);
    if (name !== 'memory') goOn();
    const { texts, types } = await checkInvariants(stack.mosaic, me, one);
    assert.deepEqual([types, texts], [['turn.completed'], [words]]);
    const finished = one.events.filter(({ type }) => type === 'tool.finished');
    assert.equal(finished.length, name === 'agents' ? 0 : 1);
    one.close();
  });
}
