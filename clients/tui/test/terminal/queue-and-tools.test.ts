import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { waitFor } from '@mosaic/test-kit';
import { completed, routed } from '../example-turns.ts';
import type { EventBody, GatewayPeer } from '../gateway-peer.ts';
import { type RunningTui, startTui } from './tui-program.ts';

const textsSent = (peer: GatewayPeer): string[] => peer.framesOf('send').map(({ text }) => text);

/** Begins a turn that goes on until the test ends it. */
async function beginTurn({ peer, pty }: RunningTui) {
  await pty.waitForText('online');
  pty.type('first\r');
  const { conversationId, messageId } = await waitFor(() => peer.framesOf('send')[0]);
  const ids = { conversationId, messageId, run: 'run-1' };
  peer.append(conversationId, routed(ids));
  await pty.waitForText('is answering');
  return { ids, end: () => peer.append(conversationId, completed(ids, 'All done.')) };
}

test('what is written during an answer is queued, taken back, or steers it', async () => {
  await using tui = await startTui();
  const { peer, pty } = tui;
  const turn = await beginTurn(tui);
  pty.type('second\r');
  pty.type('third\r');
  await pty.waitForText(/❯ second \(queued\)\s+❯ third \(queued\)\s+Alt\+Up takes/);
  assert.deepEqual(textsSent(peer), ['first'], 'nothing is sent that could be taken back');
  pty.type('\x1b[1;3A');
  await waitFor(() => !pty.screen().join('\n').includes('third (queued)'));
  await pty.waitForText('third');
  pty.press('tab');
  const steered = await waitFor(() => peer.framesOf('send')[1]);
  assert.deepEqual([steered.text, steered.mode], ['third', 'steer']);
  turn.end();
  await waitFor(() => textsSent(peer).includes('second'));
  assert.equal(peer.framesOf('send').at(-1)?.mode, undefined);
});

test('Esc stops the answer and brings what is queued back to the editor', async () => {
  await using tui = await startTui();
  const { peer, pty } = tui;
  await beginTurn(tui);
  pty.type('one\rtwo\rhalf');
  await pty.waitForText(/❯ two \(queued\)/);
  pty.press('escape');
  await waitFor(() => peer.framesOf('cancel'));
  await pty.waitForText(/one\s+two\s+half/);
  assert.deepEqual(textsSent(peer), ['first']);
});

const call = { callId: 'call-1', run: 'run-1', step: 0 } as const;
const asked: readonly EventBody[] = [
  { type: 'tool.called', ...call, name: 'shell', arguments: { command: 'rm -r x' }, text: '' },
  {
    type: 'approval.asked',
    ...call,
    tool: 'shell',
    arguments: { command: 'rm -r x\x1b[2J' },
    covers: 'shell where command matches "rm .*"',
    expiresAt: '2999-01-01T00:00:00.000Z',
  },
];

test('a call that waits is asked about, a stray Enter allows nothing, and the answer is sent', async () => {
  await using tui = await startTui();
  const { peer, pty } = tui;
  const { ids } = await beginTurn(tui);
  for (const event of asked) peer.append(ids.conversationId, event);
  pty.press('enter');
  await pty.waitForText('May shell run?');
  await pty.waitForText('2. allow in this conversation: shell where command matches');
  await pty.waitForText('→ 3. deny');
  assert.deepEqual(peer.framesOf('answer-approval'), []);
  await waitFor(() => {
    pty.type('2');
    return peer.framesOf('answer-approval');
  });
  const [answer] = peer.framesOf('answer-approval');
  assert.deepEqual([answer?.callId, answer?.answer], ['call-1', 'conversation']);
  const by = { run: 'run-1', callId: 'call-1', by: 'owner' };
  peer.append(ids.conversationId, { type: 'approval.answered', answer: 'conversation', ...by });
  await pty.waitForText('allowed in this conversation');
  assert.ok(!pty.screen().join('\n').includes('May shell run?'));
});

test('Ctrl+O shows tool calls whole in another screen, and the first comes back as it was', async () => {
  await using tui = await startTui();
  const { peer, pty } = tui;
  const { ids, end } = await beginTurn(tui);
  peer.append(ids.conversationId, asked[0] ?? assert.fail());
  const output = Array.from({ length: 80 }, (_, line) => `output ${line}.`).join('\n');
  const ran = { name: 'shell', output, isError: false, durationMs: 5 };
  peer.append(ids.conversationId, { type: 'tool.finished', ...call, ...ran });
  end();
  await pty.waitForText('All done.');
  pty.press('ctrl-o');
  await pty.waitForText('output 79.');
  await pty.waitForText('q leaves');
  pty.press('home');
  await pty.waitForText('"command": "rm -r x"');
  pty.type('q');
  await pty.waitForText('All done.');
  assert.ok(!pty.screen().join('\n').includes('output 79.'));
  assert.ok(!pty.output().includes('\x1b[2J') && !pty.output().includes('\x1b[3J'));
});

test('Ctrl+R finds what was written before, also in an earlier session', async () => {
  await using first = await startTui();
  await first.pty.waitForText('online');
  first.pty.type('the capital of Peru\r');
  first.pty.type('/nonsense\r');
  await first.pty.waitForText('Unknown command');
  await using tui = await startTui({ env: { MOSAIC_DATA_DIR: first.dataDir } });
  const { pty } = tui;
  await pty.waitForText('online');
  pty.press('ctrl-r');
  await pty.waitForText('What you wrote');
  pty.type('peru');
  await waitFor(() => !pty.screen().join('\n').includes('→ /nonsense'));
  pty.press('enter');
  await pty.waitForText(/─\n\s*the capital of Peru/);
});

test('a key map file changes keys, and says what it can not use', async () => {
  await using first = await startTui();
  const keys = { 'search-history': 'ctrl+t', sterr: 'ctrl+s', details: 'hyper+x' };
  await writeFile(join(first.dataDir, 'tui-keys.json'), JSON.stringify(keys));
  await using tui = await startTui({ env: { MOSAIC_DATA_DIR: first.dataDir } });
  await tui.pty.waitForText('there is no action "sterr". Did you mean "steer"?');
  await tui.pty.waitForText('details: "hyper+x" is no key');
  tui.pty.press('ctrl-t');
  await tui.pty.waitForText('What you wrote');
});

test('NO_COLOR takes the colours and leaves the screen', async () => {
  await using tui = await startTui({ env: { NO_COLOR: '1' } });
  await tui.pty.waitForText('online');
  tui.pty.type('/model gpt-5.4\r');
  await tui.pty.waitForText('No key is set.');
  const colours = tui.pty
    .output()
    .split('\x1b[')
    .filter((part) => /^(?:3[0-7]|38;[0-9;]+|9[0-7])m/.test(part));
  assert.deepEqual(colours, []);
});
