import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { answerText, type ConversationEvent, type ServiceName } from '@mosaic/proto';
import { type JournalEntry, waitFor } from '@mosaic/test-kit';
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

/** The model of the conversation whose first question is answered by a search. */
const searcher = 'gpt-5.4';

/** Words for everybody, the first of which wait in their middle; before that a search that waits too. */
function scriptVendors(): void {
  const { vendors } = stack.mosaic;
  vendors.clearScripts();
  vendors.clearJournal();
  const toolCalls = [{ name: 'search_conversations', arguments: { query: 'cat' } }];
  vendors.script({ model: searcher, toolCalls, stop: 'tool-calls', holdAfter: 0 });
  vendors.script({ model: searcher, reply: words, paceMs: 5, times: 50 });
  vendors.script({ model: talker, reply: words, holdAfter: 20 });
  vendors.script({ model: talker, reply: words, paceMs: 5, times: 500 });
}

const isSearching = ({ model, status }: JournalEntry) => model === searcher && status !== null;

const isTalking = (witness: Witness) =>
  witness.until((view) => {
    const last = view.messages.at(-1);
    return last?.role === 'assistant' && answerText(last).length > 20;
  }, 'some words');
const has = (witness: Witness, type: ConversationEvent['type']) =>
  waitFor(() => witness.events.some((event) => event.type === type), {
    what: type,
  });

for (const name of killed) {
  test(`kill -9 of ${name} in mid-stream and in mid-tool: every message ends once, also those that come meanwhile`, async () => {
    scriptVendors();
    const watch = () => watchNew(stack.mosaic.url, me);
    const [talking, searching, late] = await Promise.all([watch(), watch(), watch()]);
    await searching.send('Look for my cat, friend', { model: searcher });
    const { vendors } = stack.mosaic;
    await waitFor(() => vendors.journal.some(isSearching), { what: 'the question of the search' });
    // The tool asks memory, which stands still: so it is at work for as long as is needed.
    const goOn = await stack.hold('memory');
    vendors.goOn();
    await talking.send('Tell me many words, friend', { model: talker });
    await Promise.all([has(searching, 'tool.called'), isTalking(talking)]);
    const back = stack.kill(name);
    await Promise.all([
      late.send('And me as well, friend', { model: talker }),
      talking.send('Once more, friend', { model: talker }),
    ]);
    await back;
    vendors.goOn();
    if (name !== 'memory') goOn();

    const [mine, found, theirs] = await Promise.all(
      [talking, searching, late].map((one) => checkInvariants(stack.mosaic, me, one)),
    );
    // What was shown already is not said again by another provider: that turn fails, once.
    const isShown = name === 'providers';
    assert.deepEqual(mine?.types, [isShown ? 'turn.failed' : 'turn.completed', 'turn.completed']);
    assert.deepEqual([found?.types, theirs?.types], [['turn.completed'], ['turn.completed']]);
    assert.deepEqual(
      [mine?.texts.at(-1), found?.texts[0], theirs?.texts[0]],
      [words, words, words],
    );
    if (isShown) assert.ok(words.startsWith(mine?.texts[0] ?? '-'));
    else assert.equal(mine?.texts[0], words);
    const restarts = name === 'agents' ? 1 : 0;
    assert.deepEqual([mine?.restarts, found?.restarts], [restarts, restarts]);
    for (const witness of [talking, searching, late]) witness.close();
  });
}
