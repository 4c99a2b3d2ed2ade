import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { answerText } from '@mosaic/proto';
import { launchMosaic, type RunningMosaic, startVendors, waitFor } from '@mosaic/test-kit';
import { owner, type Person } from './person.ts';

let mosaic: RunningMosaic;
let me: Person;
let vendors: Awaited<ReturnType<typeof startVendors>>;
before(async () => {
  vendors = await startVendors({ paceMs: 15 });
  mosaic = await launchMosaic({ args: ['--isolate'], vendors });
  me = owner(mosaic);
});
after(async () => {
  await mosaic?.stop();
  await vendors?.stop();
});

async function kill(name: string): Promise<void> {
  const pid = await readFile(join(mosaic.dataDir, 'run', `${name}.pid`), 'utf8');
  process.kill(Number.parseInt(pid, 10), 'SIGKILL');
}

/** Somebody who watches a conversation from its beginning and says things in it. */
async function watchNew() {
  const id = await me.open();
  const socket = await me.socket();
  socket.send({ type: 'subscribe', conversationId: id, after: 0 });
  const sent: string[] = [];
  const events = () => socket.frames.flatMap((one) => (one.type === 'event' ? [one.event] : []));
  const endsOf = (messageId: string) =>
    events().flatMap((event) => {
      const isEnd = /^turn\.(completed|failed|cancelled)$/.test(event.type);
      return isEnd && 'messageId' in event && event.messageId === messageId ? [event.type] : [];
    });
  return {
    id,
    socket,
    async send(text: string): Promise<void> {
      const reply = await me.request('POST', `/api/conversations/${id}/messages`, { text });
      assert.equal(reply.status, 202);
      sent.push(reply.body.messageId);
    },
    /** How each message ended, once all have; log, rows and what was shown must agree. */
    async outcome(): Promise<string[]> {
      await waitFor(() => sent.every((one) => endsOf(one).length > 0), { timeoutMs: 30_000 });
      const shown = events();
      assert.deepEqual(
        shown.map((event) => event.seq),
        shown.map((_, index) => index + 1),
      );
      const { messages } = (await me.request('GET', `/api/conversations/${id}/messages`)).body;
      assert.deepEqual(
        socket.view(id).messages.map((one) => (one.role === 'user' ? one.text : answerText(one))),
        messages.map((one: { content: string }) => one.content),
      );
      await waitFor(async () => {
        const { conversations } = (await me.request('GET', '/api/conversations')).body;
        const row = conversations.find((one: { id: string }) => one.id === id);
        return row?.messageCount === messages.length;
      });
      await socket.close();
      return sent.flatMap(endsOf);
    },
  };
}

for (const name of ['router', 'providers', 'memory']) {
  test(`killing ${name} in mid-answer loses no message, and those sent meanwhile are answered`, async () => {
    const one = await watchNew();
    const other = await watchNew();
    await one.send('What is the capital of Peru, friend?');
    await one.socket.until((frame) => frame.type === 'delta');
    await kill(name);
    await other.send('And the capital of Chile, friend?');
    assert.deepEqual(await other.outcome(), ['turn.completed']);
    // What was shown already is not said again by another provider: that turn fails, once.
    const isShown = name === 'providers';
    assert.deepEqual(await one.outcome(), [isShown ? 'turn.failed' : 'turn.completed']);
  });
}

test('after the bus was killed one who comes in mid-answer still gets the text so far', async () => {
  const one = await watchNew();
  const { pid } = JSON.parse(await readFile(join(mosaic.dataDir, 'nats', 'server.json'), 'utf8'));
  process.kill(pid, 'SIGKILL');
  await waitFor(() => mosaic.output().includes('back, with all its streams'));
  vendors.script({ model: 'claude-sonnet-4-6', reply: 'word '.repeat(150), paceMs: 20 });
  await one.send('Tell me many words, friend, as many as you can');
  await waitFor(() => one.socket.frames.filter((frame) => frame.type === 'delta').length > 5);
  const late = await me.socket();
  late.send({ type: 'subscribe', conversationId: one.id, after: 0 });
  const first = await late.until((frame) => frame.type === 'delta');
  assert.ok(first.type === 'delta' && first.delta.offset === 0);
  assert.deepEqual(await one.outcome(), ['turn.completed']);
  await late.close();
});
