import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { makeId } from '@mosaic/proto';
import { waitFor } from '@mosaic/test-kit';
import { completed, routed } from '../example-turns.ts';
import type { GatewayPeer } from '../gateway-peer.ts';
import { beginAnswer } from './marked-answer.ts';
import { startTui } from './tui-program.ts';

/** A conversation with `count` questions and answers, each answer with a marker of its own. */
function fillConversation(peer: GatewayPeer, count: number): string {
  const conversationId = makeId();
  peer.create(conversationId);
  for (let index = 0; index < count; index += 1) {
    const messageId = makeId();
    const ids = { conversationId, messageId, run: `run-${index}` };
    peer.append(conversationId, { type: 'message.added', messageId, text: `question ${index}.` });
    peer.append(conversationId, routed(ids));
    peer.append(conversationId, completed(ids, `marker ${index}.`));
  }
  return conversationId;
}

test('tokens appear before the answer ends, and the routing line under it', async () => {
  await using tui = await startTui();
  await tui.pty.waitForText('online');
  tui.pty.type('What is it?\r');
  const answer = await beginAnswer(tui.peer);
  await tui.pty.waitForText('claude-opus-4-6 is answering (code-complex');
  answer.write('The ');
  answer.write('answer ');
  await tui.pty.waitForText('The answer');
  answer.write('is 42.');
  answer.end();
  await tui.pty.waitForText('The answer is 42.');
  await tui.pty.waitForText('claude-opus-4-6 · code-complex: coding (0.91), complex · 1.2 s');
  assert.ok(!tui.pty.output().includes('\x1b[3J') && !tui.pty.output().includes('\x1b[2J'));
});

test('/model confirms in one line, names the nearest, and says why one cannot be used', async () => {
  await using tui = await startTui();
  await tui.pty.waitForText('online');
  tui.pty.type('/model claude-sonnet-4-6\r');
  await tui.pty.waitForText('Model: claude-sonnet-4-6, pinned for this conversation.');
  await tui.pty.waitForText('assistant · claude-sonnet-4-6 (pinned)');
  assert.ok(tui.peer.requests.some((line) => /^PATCH .*"claude-sonnet-4-6"/.test(line)));
  tui.pty.type('/model claude-sonet-4-6\r');
  await tui.pty.waitForText('Unknown model claude-sonet-4-6. Did you mean claude-sonnet-4-6?');
  tui.pty.type('/model gpt-5.4\r');
  await tui.pty.waitForText('gpt-5.4 is not available: No key is set.');
  tui.pty.type('/model auto\r');
  await tui.pty.waitForText('Model: auto. The router chooses for every message.');
});

test('/model without a name is a list to choose from, with reasons', async () => {
  await using tui = await startTui();
  await tui.pty.waitForText('online');
  tui.pty.type('/model\r');
  await tui.pty.waitForText('Model (now auto)');
  await tui.pty.waitForText('No key is set.');
  tui.pty.type('sonnet');
  await waitFor(() => !tui.pty.screen().join('\n').includes('No key is set.'));
  tui.pty.press('enter');
  await tui.pty.waitForText('Model: claude-sonnet-4-6, pinned');
});

test('/agent changes the agent, and an unknown command names its nearest', async () => {
  await using tui = await startTui();
  await tui.pty.waitForText('online');
  tui.pty.type('/agent coding-agent\r');
  await tui.pty.waitForText('Agent: coding-agent, for this conversation.');
  tui.pty.type('/modle\r');
  await tui.pty.waitForText('Unknown command /modle. Did you mean /model?');
});

test('Esc sends a cancel frame for the running answer', async () => {
  await using tui = await startTui();
  await tui.pty.waitForText('online');
  tui.pty.type('go\r');
  const { run } = await beginAnswer(tui.peer);
  await tui.pty.waitForText('is answering');
  tui.pty.press('escape');
  const [frame] = await waitFor(() => tui.peer.framesOf('cancel'));
  assert.equal(frame?.run, run);
});

test('a paste of 200 kB is folded and sent whole; what is too long stays as it was written', async () => {
  await using tui = await startTui();
  await tui.pty.waitForText('online');
  const pasted = Array.from({ length: 4_000 }, (_, line) => `line ${line} ${'x'.repeat(40)}`);
  tui.pty.type(`\x1b[200~${pasted.join('\n')}\x1b[201~`);
  await tui.pty.waitForText('[paste #1 +4000 lines]');
  tui.pty.type(` look \x1b[200~${'y'.repeat(300_000)}\x1b[201~`);
  const both = '[paste #1 +4000 lines] look [paste #2 300000 chars]';
  await tui.pty.waitForText(both);
  tui.pty.press('enter');
  await tui.pty.waitForText('400,000 are allowed. It was not sent.');
  await tui.pty.waitForText(both);
  tui.pty.type('\x7f'.repeat(' look '.length + 1));
  tui.pty.press('enter');
  const [frame] = await waitFor(() => tui.peer.framesOf('send'));
  assert.equal(frame?.text, pasted.join('\n'));
  await tui.pty.waitForText('… folded (');
});

test('new lines are typed with Ctrl+J, Alt+Enter and a trailing backslash', async () => {
  await using tui = await startTui();
  await tui.pty.waitForText('online');
  tui.pty.type('one');
  tui.pty.press('ctrl-j');
  tui.pty.type('two\x1b\rthree\\\rfour\r');
  const [frame] = await waitFor(() => tui.peer.framesOf('send'));
  assert.equal(frame?.text, 'one\ntwo\nthree\nfour');
});

test('a resumed conversation is painted once, also after the connection was cut', async () => {
  await using tui = await startTui({ args: ['--new'] });
  await tui.pty.waitForText('online');
  fillConversation(tui.peer, 150);
  tui.pty.type('/history\r');
  await tui.pty.waitForText('Conversations');
  tui.pty.press('enter');
  await tui.pty.waitForText('marker 149.');
  tui.peer.cut();
  await waitFor(() => tui.peer.framesOf('subscribe').length >= 2);
  await tui.pty.waitForText('online');
  const shown = [...tui.pty.scrollback(), ...tui.pty.screen()].join('\n');
  // 200 of the 300 messages: the last 100 questions with their answers.
  const markers = shown.match(/marker \d+\./g) ?? [];
  assert.deepEqual(
    markers,
    Array.from({ length: 100 }, (_, index) => `marker ${index + 50}.`),
  );
});

test('says what to do about a wrong token, and keeps the prompt', async () => {
  await using tui = await startTui({ token: 'wrong' });
  await tui.pty.waitForText('does not accept this token');
  await tui.pty.waitForText('MOSAIC_TOKEN');
  await tui.pty.waitForText('not signed in');
});

for (const keys of [['ctrl-d'], ['ctrl-c', 'ctrl-c']] as const) {
  test(`${keys.join(' ')} quits and gives the terminal back`, async () => {
    await using tui = await startTui();
    await tui.pty.waitForText('online');
    for (const key of keys) tui.pty.press(key);
    assert.equal((await tui.pty.exit).exitCode, 0);
    const output = tui.pty.output();
    assert.ok(output.lastIndexOf('\x1b[?25h') > output.lastIndexOf('\x1b[?25l'));
    assert.ok(output.lastIndexOf('\x1b[?2004l') > output.lastIndexOf('\x1b[?2004h'));
    assert.ok(!tui.pty.screen().join('\n').includes('online'));
  });
}

test('draws the prompt without a gateway, and on a screen of 40 by 15', async () => {
  await using tui = await startTui({
    cols: 40,
    rows: 15,
    args: ['--url', 'http://127.0.0.1:1'],
  });
  await tui.pty.waitForText(/connecting…|reconnecting…/);
  tui.pty.type('typed 漢字 early');
  await tui.pty.waitForText('typed 漢字 early');
  for (const line of tui.pty.screen()) assert.ok(line.length <= 40);
});

test('a long answer leaves each line once on a small screen that is resized meanwhile', async () => {
  const marks = Array.from({ length: 300 }, (_, index) => `mark${String(index).padStart(3, '0')}`);
  await using tui = await startTui({ cols: 60, rows: 20 });
  await tui.pty.waitForText('online');
  tui.pty.type('go\r');
  const answer = await beginAnswer(tui.peer);
  const sizes = new Map([
    [52, [40, 15]],
    [113, [80, 24]],
    [174, [40, 15]],
    [232, [120, 40]],
  ] as const);
  for (const [index, mark] of marks.entries()) {
    const isItem = index % 10 === 9;
    answer.write(isItem ? `- item 漢字 ${mark}.\n\n` : `Words 🎉 and more ${mark}. `);
    const size = sizes.get(index as 52);
    if (size === undefined) continue;
    // The terminal must have drawn everything: who resizes in the middle of a frame gets leftovers.
    await tui.pty.waitForText(mark);
    await setTimeout(150);
    tui.pty.resize(size[0], size[1]);
    await setTimeout(150);
  }
  answer.end();
  await tui.pty.waitForText('out · $0.014');
  const shown = [...tui.pty.scrollback(), ...tui.pty.screen()].join(' ');
  assert.deepEqual(shown.match(/mark\d{3}/g), marks);
});

test('SIGTERM gives the terminal back too', async () => {
  await using tui = await startTui();
  await tui.pty.waitForText('online');
  process.kill(tui.pty.pid, 'SIGTERM');
  assert.equal((await tui.pty.exit).exitCode, 0);
  assert.ok(tui.pty.output().trimEnd().includes('\x1b[?2004l'));
});
