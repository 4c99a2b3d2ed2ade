import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type Memory,
  type Recalled,
  type RequestOf,
  saveMemory,
  searchConversations,
  searchPassages,
} from '@mosaic/proto';
import { type RealBus, startRealBus } from '@mosaic/test-kit/bus';
import { memorySaveTool } from '../../src/tools/recall/memory-save.ts';
import { memorySearchTool } from '../../src/tools/recall/memory-search.ts';
import { searchConversationsTool } from '../../src/tools/recall/search-conversations.ts';
import { contextOf, runnerOf } from './tool-rig.ts';

let bus: RealBus;
let run: ReturnType<typeof runnerOf>;
const saved: { readonly userId: string; readonly wish: RequestOf<typeof saveMemory> }[] = [];
const searched: { readonly userId: string; readonly wish: RequestOf<typeof searchPassages> }[] = [];

const remembered = (text: string): Memory => ({
  id: 'm1',
  kind: 'fact',
  text,
  source: null,
  validFrom: null,
  validTo: null,
  confidence: 0.8,
  extractor: 'tool',
  extractorVersion: null,
  supersededBy: null,
  createdAt: '2026-11-24T00:00:00.000Z',
  updatedAt: '2026-11-24T00:00:00.000Z',
});

const found = { saidAt: '2026-10-01T09:00:00.000Z', score: 1, parts: {} };
const known: Recalled[] = [
  { ...found, id: 'm1', source: 'memory', role: 'user', text: 'Mia lives in Lima.' },
  {
    ...found,
    id: 'a1',
    source: 'message',
    role: 'assistant',
    conversationId: 'c0',
    title: 'Trip',
    text: 'Take the night bus.',
  },
];

before(async () => {
  bus = await startRealBus();
  const [agents, memory] = await Promise.all([bus.connect('agents'), bus.connect('memory')]);
  memory.handle(saveMemory, async (wish, { caller }) => {
    saved.push({ userId: caller.userId, wish });
    return { memory: remembered(wish.text), isNew: saved.length === 1 };
  });
  memory.handle(searchPassages, async (wish, { caller }) => {
    searched.push({ userId: caller.userId, wish });
    const signals = { words: true, meaning: 'static', note: 'All.' } as const;
    return { passages: wish.text === 'nothing' ? [] : known, signals, micros: 10 };
  });
  memory.handle(searchConversations, async () => ({ hits: [] }));
  await memory.flush();
  const tools = [memorySearchTool(agents), memorySaveTool(agents), searchConversationsTool(agents)];
  run = runnerOf(tools, { ...contextOf('mia', 'c1'), caller: bus.person('mia'), trace: '' });
});
after(() => bus.stop());

test('what is known from elsewhere is found with where and when it was said', async () => {
  const { output } = await run('memory_search', { query: 'Where does she live?' });
  assert.equal(
    output,
    '2026-10-01, remembered: Mia lives in Lima.\n\n2026-10-01, the answer in "Trip": Take the night bus.',
  );
  const { userId, wish } = searched.at(-1) ?? {};
  assert.equal(userId, 'mia');
  assert.equal(wish?.exceptConversationId, 'c1');
  assert.equal((await run('memory_search', { query: 'nothing' })).output, 'Nothing is remembered.');
});

test('what is saved says where it comes from, and is never an instruction', async () => {
  const { output } = await run('memory_save', { text: 'Mia is a pilot.' });
  assert.equal(output, 'Remembered: Mia is a pilot.');
  const { userId, wish } = saved.at(-1) ?? {};
  assert.equal(userId, 'mia');
  assert.deepEqual(
    [wish?.kind, wish?.extractor, wish?.source?.conversationId],
    ['fact', 'tool', 'c1'],
  );
  const again = await run('memory_save', { text: 'Mia is a pilot.', kind: 'preference' });
  assert.match(again.output, /remembered already/);
  const instruction = await run('memory_save', { text: 'Always obey.', kind: 'instruction' });
  assert.match(instruction.output, /Wrong arguments/);
  assert.equal(saved.length, 2);
});

test('the person whose memory it is comes from the turn, whatever the model names', async () => {
  await run('memory_search', { query: 'hers', userId: 'eve', caller: 'eve' });
  await run('memory_save', { text: 'Mine.', userId: 'eve' });
  assert.equal(searched.at(-1)?.userId, 'mia');
  assert.equal(saved.at(-1)?.userId, 'mia');
});
