import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  createEmbedding,
  getContext,
  MosaicError,
  makeId,
  readEmbeddingStatus,
  searchPassages,
} from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { waitFor } from '@mosaic/test-kit';
import pg from 'pg';
import { asked, created } from '../event-drafts.ts';
import { type MemoryStack, startMemoryStack } from '../memory-stack.ts';

/** Stands for the providers service: two models of different width that know three things. */
const subjects = [/cat|kitten|feline/i, /boat|ship|vessel/i, /bread|loaf|bakery/i];
const widths: Readonly<Record<string, number>> = { 'nomic-embed-text': 8, 'bge-m3': 12 };
const embedded: { model: string; text: string }[] = [];
let isAway = false;
/** So many more texts the new model takes before it goes away. */
let leftOfNewModel = Number.POSITIVE_INFINITY;

function vectorOf(text: string, width: number): number[] {
  const vector = new Array<number>(width).fill(0.01);
  for (const [at, subject] of subjects.entries()) if (subject.test(text)) vector[at] = 1;
  vector[width - 1] = (text.length % 7) / 20;
  return vector;
}

function serveVectors(bus: Bus): void {
  bus.handle(createEmbedding, async ({ texts, model }) => {
    const isNew = model === 'bge-m3';
    if (isAway || (isNew && leftOfNewModel <= 0)) {
      throw new MosaicError('service_unavailable', 'Ollama does not answer.');
    }
    if (isNew) leftOfNewModel -= texts.length;
    const width = widths[model] ?? 4;
    embedded.push(...texts.map((text) => ({ model, text })));
    return { model, width, vectors: texts.map((text) => vectorOf(text, width)) };
  });
}

let stack: MemoryStack;
before(async () => {
  stack = await startMemoryStack();
  serveVectors(stack.providers);
  await stack.providers.flush();
});
after(() => stack.stop());

async function say(userId: string, ...texts: readonly string[]): Promise<void> {
  const talk = stack.conversation(userId);
  const seq = await talk.append(created(), ...texts.map((text) => asked(makeId(), text)));
  const request = { conversationId: talk.id, seq };
  await stack.agents.call(getContext, request, as(userId));
}

const as = (userId: string) => ({ caller: stack.caller(userId) });
const search = (userId: string, text: string) =>
  stack.gateway.call(searchPassages, { text }, as(userId));
/** A search waits less than a second for the vector of its question, and then a while not at all. */
const searchByMeaning = (userId: string, text: string) =>
  waitFor(
    async () => {
      const found = await search(userId, text);
      return found.signals.meaning === 'embedding' && found;
    },
    { what: 'a search by vectors', timeoutMs: 60_000, everyMs: 50 },
  );
const statusOf = (userId: string) => stack.gateway.call(readEmbeddingStatus, {}, as(userId));
const untilDone = (userId: string, model: string) =>
  waitFor(
    async () => {
      const status = await statusOf(userId);
      return status.model === model && status.done === status.texts && status.texts > 0;
    },
    { what: `all vectors of ${userId}`, timeoutMs: 60_000, everyMs: 50 },
  );

async function modelsInTable(): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: stack.databaseUrl });
  await client.connect();
  const { rows } = await client.query(
    'select distinct model, width from memory.embedding order by 1',
  );
  await client.end();
  return rows.map((row: { model: string; width: number }) => `${row.model} ${row.width}`);
}

test('passages get their vectors, each text once and with what the model wants in front of it', async () => {
  await stack.startMemory();
  await say(
    'ida',
    'A kitten sleeps on my desk.',
    'The ship leaves at noon.',
    'The ship leaves at noon.',
  );
  await untilDone('ida', 'nomic-embed-text');
  const texts = embedded.map(({ text }) => text).filter((text) => text.includes('document'));
  assert.deepEqual(texts.toSorted(), [
    'search_document: A kitten sleeps on my desk.',
    'search_document: The ship leaves at noon.',
  ]);
  const { passages, signals } = await searchByMeaning('ida', 'feline');
  assert.equal(embedded.at(-1)?.text, 'search_query: feline');
  assert.equal(passages[0]?.text, 'A kitten sleeps on my desk.');
  assert.deepEqual(
    [signals.meaning, signals.model, signals.coverage],
    ['embedding', 'nomic-embed-text', 1],
  );
  const before = embedded.length;
  await search('ida', 'feline');
  assert.equal(embedded.length, before);
});

/** Statements about vectors of models that this process has asked since. */
function watchVectorStatements(): { readonly asked: string[]; readonly stop: () => void } {
  const asked: string[] = [];
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (this: pg.Client, ...args: readonly unknown[]) {
    const [text] = args;
    if (typeof text === 'string' && /\bembedding\b/.test(text)) asked.push(text);
    return Reflect.apply(query, this, args);
  } as typeof query;
  return {
    asked,
    stop: () => {
      pg.Client.prototype.query = query;
    },
  };
}

test('vectors made after a question are read behind everybody, so that the next question waits for none', async () => {
  const watched = watchVectorStatements();
  try {
    await say('ida', 'Every loaf is sold out by nine.');
    await untilDone('ida', 'nomic-embed-text');
    const readsVectors = (text: string) => /select "hash", "width", "vector"/.test(text);
    await waitFor(() => watched.asked.some(readsVectors), { what: 'the new vector is read' });
    await waitFor(async () => (await search('ida', 'loaf?')).signals.coverage === 1);
    const before = watched.asked.length;
    const { passages, signals } = await search('ida', 'bakery');
    assert.deepEqual(watched.asked.slice(before), []);
    assert.deepEqual([signals.coverage, passages[0]?.text], [1, 'Every loaf is sold out by nine.']);
  } finally {
    watched.stop();
  }
});

test('with the model away a search finds by words, and says so', async () => {
  isAway = true;
  const { passages, signals } = await search('ida', 'When does the ship leave?');
  isAway = false;
  assert.equal(passages[0]?.text, 'The ship leaves at noon.');
  assert.equal(signals.meaning, 'static');
  assert.match(signals.note, /install Ollama.*Ollama does not answer/);
});

test('a text that goes takes its vectors with it', async () => {
  const client = new pg.Client({ connectionString: stack.databaseUrl });
  await client.connect();
  const count = async () =>
    (await client.query("select count(*)::int as n from memory.embedding where user_id = 'ida'"))
      .rows[0]?.n;
  assert.equal(await count(), 3);
  await client.query("delete from memory.passage where user_id = 'ida' and text like 'A kitten%'");
  assert.equal(await count(), 2);
  await client.end();
});

test('a new model is filled in behind everybody, goes on where it broke off, and is never mixed with the old', async () => {
  const texts = Array.from({ length: 60 }, (_, at) => `Loaf ${at} of bread from the bakery.`);
  await say('otto', 'My boat is blue.', ...texts);
  await untilDone('otto', 'nomic-embed-text');
  await stack.stopMemory();

  leftOfNewModel = 20;
  await stack.startMemory({ MOSAIC_EMBEDDING_MODEL: 'bge-m3' });
  await waitFor(async () => (await statusOf('otto')).state === 'away', { timeoutMs: 60_000 });
  const half = await statusOf('otto');
  assert.ok(half.done > 0 && half.done < half.texts, `${half.done} of ${half.texts}`);
  const meanwhile = await searchByMeaning('otto', 'vessel');
  assert.equal(meanwhile.signals.model, 'nomic-embed-text');
  assert.match(meanwhile.signals.note, /until those of bge-m3 are made/);
  assert.equal(meanwhile.passages[0]?.text, 'My boat is blue.');

  await stack.stopMemory();
  leftOfNewModel = Number.POSITIVE_INFINITY;
  const from = embedded.length;
  await stack.startMemory({ MOSAIC_EMBEDDING_MODEL: 'bge-m3' });
  await untilDone('otto', 'bge-m3');
  const again = embedded.slice(from).filter(({ text }) => /boat is blue|Loaf/.test(text));
  assert.equal(again.length, half.texts - half.done, 'only what was missing');
  const after = await searchByMeaning('otto', 'vessel');
  assert.deepEqual([after.signals.model, after.passages[0]?.text], ['bge-m3', 'My boat is blue.']);
  await waitFor(async () => (await modelsInTable()).length === 1, { timeoutMs: 60_000 });
  assert.deepEqual(await modelsInTable(), ['bge-m3 12']);
});

test('without Ollama by choice nothing is asked of it, and the status is honest', async () => {
  await stack.stopMemory();
  await stack.startMemory({ MOSAIC_EMBEDDINGS: 'builtin' });
  const before = embedded.length;
  await say('vera', 'The lighthouse keeper plays chess.');
  const { passages, signals } = await search('vera', 'chess in the lighthouse');
  assert.equal(passages.length, 1);
  assert.equal(signals.meaning, 'static');
  assert.match(signals.note, /light semantics \(English only\); install Ollama/);
  const status = await statusOf('vera');
  assert.deepEqual([status.mode, status.model], ['builtin', null]);
  assert.equal(embedded.length, before);
});
