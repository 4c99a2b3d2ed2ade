import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { answerText } from '@mosaic/proto';
import { launchMosaic, startVendors, temporaryDirectory, waitFor } from '@mosaic/test-kit';
import { owner } from './person.ts';

test('killing the agents worker in mid-stream leaves exactly one answer', async () => {
  await using mosaic = await launchMosaic({ args: ['--isolate'] });
  const me = owner(mosaic);
  const id = await me.open();
  const words = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ');
  mosaic.vendors.script({ vendor: 'anthropic', reply: words, paceMs: 50, times: 2 });
  const socket = await me.socket();
  socket.send({ type: 'subscribe', conversationId: id, after: 0 });
  await me.request('POST', `/api/conversations/${id}/messages`, {
    text: 'Tell me many words, friend',
  });
  await socket.until((frame) => frame.type === 'delta');
  const pidFile = join(mosaic.dataDir, 'run', 'agents.pid');
  process.kill(Number.parseInt(await readFile(pidFile, 'utf8'), 10), 'SIGKILL');

  await socket.until(
    (frame) => frame.type === 'event' && frame.event.type === 'turn.completed',
    60_000,
  );
  const types = socket.frames.flatMap((frame) =>
    frame.type === 'event' ? [frame.event.type] : [],
  );
  assert.equal(types.filter((type) => type === 'turn.restarted').length, 1);
  assert.equal(types.filter((type) => type.startsWith('turn.comp')).length, 1);
  const answers = socket.view(id).messages.filter((message) => message.role === 'assistant');
  assert.equal(answers.length, 1);
  assert.ok(answers[0]?.role === 'assistant');
  assert.equal(answerText(answers[0]), words);

  const path = `/api/conversations/${id}/messages`;
  let stored: { role: string; content: string }[] = [];
  await waitFor(async () => {
    stored = (await me.request('GET', path)).body.messages;
    return stored.length === 2;
  });
  assert.equal(stored[1]?.content, words);
  await socket.close();
});

test('killing everything loses nothing that was accepted', async () => {
  const directory = await temporaryDirectory();
  const vendors = await startVendors({ paceMs: 1 });
  try {
    const first = await launchMosaic({ dataDir: directory.path, vendors });
    const before = owner(first);
    const id = await before.open();
    await before.say(id, 'My cat is called Kater.');
    vendors.script({ vendor: 'anthropic', reply: 'slow '.repeat(60), paceMs: 40 });
    const path = `/api/conversations/${id}/messages`;
    const accepted = await before.request('POST', path, { text: 'And what now, friend?' });
    assert.equal(accepted.status, 202);
    await first.kill9();

    const second = await launchMosaic({ dataDir: directory.path, vendors });
    try {
      const me = owner(second);
      await waitFor(
        async () => {
          const { body } = await me.request('GET', path);
          return body.messages.length === 4 && body.messages[3].status === 'completed';
        },
        { timeoutMs: 60_000 },
      );
      const { body } = await me.request('GET', path);
      assert.deepEqual(
        body.messages.map((message: { role: string }) => message.role),
        ['user', 'assistant', 'user', 'assistant'],
      );
      assert.match(body.messages[0].content, /Kater/);
    } finally {
      await second.stop();
    }
  } finally {
    await vendors.stop();
    await directory.remove();
  }
});
