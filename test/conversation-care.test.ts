import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { makeId } from '@mosaic/proto';
import { launchMosaic, type RunningMosaic, waitFor } from '@mosaic/test-kit';
import { owner, type Person, signUp } from './person.ts';

const main = join(import.meta.dirname, '../deploy/local/src/main.ts');
let mosaic: RunningMosaic;
let me: Person;
before(async () => {
  mosaic = await launchMosaic({ env: { MOSAIC_DEMO: '1' } });
  me = owner(mosaic);
});
after(() => mosaic.stop());

const get = async (path: string, who = me) => (await who.request('GET', path)).body;
const idsIn = async (query: string) =>
  (await get(`/api/conversations?${query}`)).conversations.map((one: { id: string }) => one.id);

function mosaicCommand(...args: string[]) {
  const env = { PATH: process.env['PATH'], MOSAIC_DATA_DIR: mosaic.dataDir };
  const result = spawnSync(process.execPath, [main, ...args], { env, encoding: 'utf8' });
  assert.doesNotMatch(result.stderr, /\n\s+at /, 'no stack');
  return result;
}

test('pinned ones come first, archived ones are put away, tags find them again, all by pages', async () => {
  const [first = '', second = '', third = ''] = [await me.open(), await me.open(), await me.open()];
  const patch = (id: string, body: object) => me.request('PATCH', `/api/conversations/${id}`, body);
  assert.equal(
    (await patch(first, { isPinned: true, tags: ['trip', 'trip', '旅行'] })).status,
    200,
  );
  assert.equal((await patch(second, { isArchived: true })).body.isArchived, true);
  assert.deepEqual(await idsIn('limit=5'), [first, third]);
  assert.deepEqual(await idsIn('archived=only'), [second]);
  assert.deepEqual(await idsIn(`tag=${encodeURIComponent('旅行')}`), [first]);
  const page = await get('/api/conversations?archived=with&limit=2');
  const next = await get(`/api/conversations?archived=with&limit=2&cursor=${page.nextCursor}`);
  const all = [...page.conversations, ...next.conversations].map((one) => one.id);
  assert.deepEqual(all, [first, third, second]);
  assert.deepEqual((await get(`/api/conversations/${first}`)).tags, ['trip', '旅行']);
  assert.equal((await patch(first, { tags: ['x'.repeat(41)] })).status, 400);
  for (const id of all) await me.request('DELETE', `/api/conversations/${id}`);
});

test('a fork begins with the turns up to a message, goes its own way, and is made once', async () => {
  const original = await me.open({ title: 'Original' });
  await me.say(original, 'What is the capital of Peru?');
  await me.say(original, 'And of Chile?');
  const { messages } = await get(`/api/conversations/${original}/messages`);
  const id = makeId();
  const wish = { id, upTo: messages[1].id };
  const path = `/api/conversations/${original}/fork`;
  const fork = await me.request('POST', path, wish);
  assert.equal(fork.status, 201, JSON.stringify(fork.body));
  assert.equal(fork.body.title, 'Original (fork)');
  const again = await me.request('POST', path, wish);
  assert.deepEqual(again.body, fork.body);
  const copied = (await get(`/api/conversations/${id}/messages`)).messages;
  assert.deepEqual(copied, messages.slice(0, 2));
  await me.say(id, 'Only in the fork');
  assert.equal((await get(`/api/conversations/${original}/messages`)).messages.length, 4);
  assert.equal((await get(`/api/conversations/${id}/messages`)).messages.length, 4);
  assert.equal((await me.request('POST', path, { id: original })).status, 409);
  assert.equal((await me.request('POST', path, { upTo: makeId() })).status, 404);
  await me.request('DELETE', `/api/conversations/${original}`);
  assert.equal(
    (await get(`/api/conversations/${id}/messages`)).messages.length,
    4,
    'it stands alone',
  );
});

test('what is exported here can be imported elsewhere, once, with its times', async () => {
  const id = await me.open({ title: 'Holiday 假期' });
  await me.say(id, 'Where is the sea warm in May? 五月');
  const exported = await get(`/api/conversations/${id}/export`);
  const markdown = await get(`/api/conversations/${id}/export?format=markdown`);
  assert.match(markdown, /^# Holiday 假期\n/);
  const other = await signUp(mosaic, 'nora');
  const first = await other.request('POST', '/api/import', exported);
  assert.equal(first.status, 200, JSON.stringify(first.body));
  assert.equal(first.body.added, 2);
  const again = await other.request('POST', '/api/import', [exported]);
  assert.equal(again.body.added, 0);
  const { conversations } = await get('/api/conversations', other);
  assert.equal(conversations.length, 1);
  assert.equal(conversations[0].title, 'Holiday 假期');
  assert.equal(conversations[0].createdAt, exported.events[0].at);
  const { messages } = await get(`/api/conversations/${conversations[0].id}/messages`, other);
  assert.deepEqual(
    messages.map((one: { content: string }) => one.content),
    exported.messages.map((one: { content: string }) => one.content),
  );
  assert.match(messages[1].reason, /Imported from Mosaic/);
});

/** As ChatGPT writes it: a tree with an edited question, hidden and tool messages, and a current leaf. */
function chatGptExport() {
  const node = (id: string, parent: string | null, message: object | null) => ({
    id,
    parent,
    children: [],
    message: message === null ? null : { id, recipient: 'all', metadata: {}, ...message },
  });
  const says = (role: string, text: string, more: object = {}) => ({
    author: { role, name: null, metadata: {} },
    create_time: 1_700_000_000.25,
    content: { content_type: 'text', parts: [text] },
    ...more,
  });
  const nodes = [
    node('client-created-root', null, null),
    node('sys', 'client-created-root', says('system', 'SYSTEM PROMPT')),
    node('ctx', 'sys', {
      author: { role: 'user' },
      content: { content_type: 'user_editable_context', user_profile: 'HIDDEN PROFILE' },
      metadata: { is_visually_hidden_from_conversation: true },
    }),
    node('q1', 'ctx', says('user', 'ABANDONED BRANCH')),
    node('q2', 'ctx', says('user', 'How tall is K2?')),
    node('call', 'q2', says('assistant', 'search("K2")', { recipient: 'browser' })),
    node('tool', 'call', says('tool', 'TOOL OUTPUT')),
    node('think', 'tool', {
      author: { role: 'assistant' },
      content: { content_type: 'thoughts', thoughts: [] },
    }),
    node('a2', 'think', says('assistant', '8,611 m 米', { metadata: { model_slug: 'gpt-4o' } })),
    node('q3', 'a2', {
      ...says('user', ''),
      content: {
        content_type: 'multimodal_text',
        parts: [{ content_type: 'image_asset_pointer', asset_pointer: 'x' }, 'What is on it?'],
      },
    }),
  ];
  return {
    title: 'Mountains',
    create_time: 1_700_000_000,
    update_time: 1_700_000_100,
    conversation_id: '6f0c7c1e-0000-4000-8000-000000000001',
    current_node: 'q3',
    is_archived: true,
    mapping: Object.fromEntries(nodes.map((one) => [one.id, one])),
  };
}

/** Runs a job of the clock now, and waits for its line. */
async function runJob(job: string): Promise<string> {
  const id = `now-${makeId()}`;
  await me.request('POST', '/api/admin/jobs/schedules', { id, job, everyMs: 600_000 });
  const look = async () => {
    const { jobs } = await get('/api/admin/jobs?queue=maintenance&state=completed&limit=50');
    return jobs.find(({ name }: { name: string }) => name === job);
  };
  const done = await waitFor(look, { what: job });
  await me.request('DELETE', `/api/admin/jobs/schedules/${id}`);
  await me.request('DELETE', `/api/admin/jobs/maintenance/${encodeURIComponent(done.id)}`);
  return done.log[0];
}

test('a conversation of years ago is compressed at night, and is all there for whoever wants it', async () => {
  const at = (minute: number) => new Date(Date.UTC(2020, 0, 1, 0, minute)).toISOString();
  const conversationId = makeId();
  const answered = {
    ...{ type: 'turn.completed', step: 0, usage: null, cost: { usd: null, source: 'unknown' } },
    ...{ timings: { firstTokenMs: 1, totalMs: 2 }, isSimulated: false, provider: 'zai' },
    ...{ model: 'glm-5', rule: 'chat', reason: 'because', stop: { unified: 'stop', raw: null } },
  };
  const messages = [0, 1, 2].flatMap((turn) => {
    const messageId = makeId();
    const text = `${turn} The zeppelin museum of Friedrichshafen 飞艇`;
    const place = (seq: number) => ({ conversationId, seq, at: at(seq) });
    return [
      { ...place(turn * 2 + 1), type: 'message.added', messageId, text },
      { ...place(turn * 2 + 2), ...answered, run: makeId(), messageId, text: 'By the lake.' },
    ];
  });
  const exported = { conversation: { id: conversationId, title: 'Zeppelins' }, events: messages };
  const { body: imported } = await me.request('POST', '/api/import', exported);
  assert.equal(imported.added, 6);
  const [{ id }] = imported.conversations;
  const conversation = () => get(`/api/conversations/${id}`);
  const read = async () => ({
    messages: await get(`/api/conversations/${id}/messages`),
    export: await get(`/api/conversations/${id}/export`),
    found: (await get('/api/conversations/search?q=zeppelin')).hits.map(
      ({ score: _score, ...hit }: { score: number }) => hit,
    ),
  });
  assert.equal((await conversation()).tier, 'hot');
  const before = await read();
  assert.match(before.found[0].snippet, /«zeppelin»/);
  const { body: report } = await me.request('GET', '/api/storage');
  assert.equal(report.due.toCold, 1);
  assert.match(await runJob('move-tiers'), /1 to cold, which freed [1-9]\d* bytes\./);
  assert.equal((await conversation()).tier, 'cold');
  assert.deepEqual(await read(), before);
  assert.match(await runJob('summarize-idle'), /1 stay without for now/, 'demo answers are none');
  const fork = await me.request('POST', `/api/conversations/${id}/fork`, {});
  assert.equal(fork.status, 201);
  assert.equal((await get(`/api/conversations/${fork.body.id}/messages`)).messages.length, 6);

  assert.match(mosaicCommand('storage').stdout, /^cold +1, .*: compressed, .* before/m);
  assert.match(mosaicCommand('storage', 'users').stdout, /STORED/);
  assert.match(mosaicCommand('storage', 'restore', id).stdout, /Brought back .*: 7 events/);
  assert.match(mosaicCommand('storage', 'restore', id).stdout, /It is not cold \(hot\)/);
  assert.equal(mosaicCommand('storage', 'restore', makeId()).status, 1);
  // Commands block this process; connections that the gateway closed meanwhile are noticed now.
  await setImmediate();
  assert.equal((await conversation()).tier, 'hot');
  await me.request('DELETE', `/api/conversations/${id}`);
  await me.request('DELETE', `/api/conversations/${fork.body.id}`);
  const none = (await get('/api/conversations/search?q=zeppelin')).hits;
  assert.deepEqual(none, []);
});

test('ChatGPT’s export comes with what was shown last, and the command takes a file of it', async () => {
  const file = join(mosaic.dataDir, 'conversations.json');
  const broken = { title: 'Odd', mapping: 7 };
  const empty = { title: 'Empty', mapping: {}, current_node: null };
  writeFileSync(file, JSON.stringify([chatGptExport(), broken, empty]));
  const first = mosaicCommand('import', file);
  assert.equal(first.status, 0, first.stderr);
  assert.match(first.stdout, /^Conversations: 1, new messages: 3\.$/m);
  assert.match(first.stderr, /Left out: Odd: not a conversation/);
  assert.match(first.stderr, /Left out: Empty: it has no messages/);
  assert.match(mosaicCommand('import', file).stdout, /^Conversations: 1, new messages: 0\.$/m);
  const found = await waitFor(async () => {
    const list = (await get('/api/conversations?archived=only')).conversations;
    return list.find((one: { title: string }) => one.title === 'Mountains');
  });
  assert.equal(found.createdAt, '2023-11-14T22:13:20.000Z');
  const { messages } = await get(`/api/conversations/${found.id}/messages`);
  assert.deepEqual(
    messages.map((one: { content: string }) => one.content),
    ['How tall is K2?', '8,611 m 米', 'What is on it?'],
  );
  assert.equal(messages[1].model, 'gpt-4o');
  const { hits } = await get('/api/conversations/search?q=K2');
  assert.equal(hits.length, 1);
  await me.say(found.id, 'And the second highest?');
});

test('what is no export is refused in one sentence', async () => {
  for (const body of [{}, [], 7, 'x', null, [{ title: 'x' }], { conversation: {}, events: [] }]) {
    const { body: answer, status } = await me.request('POST', '/api/import', JSON.stringify(body));
    assert.equal(status, 400, JSON.stringify(answer));
  }
  const tooMany = Array.from({ length: 2_001 }, () => ({}));
  assert.equal((await me.request('POST', '/api/import', tooMany)).status, 400);
});

test('the command shows, adds, corrects, removes and pauses what is remembered', async () => {
  await me.request('DELETE', '/api/memory?all=1');
  const added = mosaicCommand('memory', 'add', 'Answer in metric units', '--kind', 'instruction');
  const id = /^Remembered: (\S+) Answer in metric units$/m.exec(added.stdout)?.[1] ?? '';
  assert.match(mosaicCommand('memory', 'add', 'answer in metric units.').stdout, /already/);
  assert.match(
    mosaicCommand('memory', 'edit', id, 'Answer in SI units 单位').stdout,
    /^Now: instr/,
  );
  const { memories } = JSON.parse(mosaicCommand('memory', 'list', '--json').stdout);
  assert.deepEqual(
    memories.map((one: { id: string; text: string }) => [one.id, one.text]),
    [[id, 'Answer in SI units 单位']],
  );
  assert.match(mosaicCommand('memory', '--superseded').stdout, /metric units \(superseded\)/);
  mosaicCommand('memory', 'pause');
  assert.match(mosaicCommand('memory').stderr, /paused/);
  mosaicCommand('memory', 'resume');
  assert.doesNotMatch(mosaicCommand('memory').stderr, /paused/);
  assert.match(mosaicCommand('memory', 'remove', id).stdout, /^Removed for good: 2/);
  for (const wrong of [['lst'], ['add'], ['remove'], ['edit', id], ['add', 'x', '--kind', 'y']]) {
    const { status, stderr } = mosaicCommand('memory', ...wrong);
    assert.notEqual(status, 0, wrong.join(' '));
    assert.match(stderr, /\S/);
  }
});
