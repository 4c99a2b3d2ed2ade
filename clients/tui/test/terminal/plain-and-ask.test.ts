import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { makeId } from '@mosaic/proto';
import { temporaryDirectory, waitFor } from '@mosaic/test-kit';
import { answerMessage, routed, type TurnIds } from '../example-turns.ts';
import { GatewayPeer, peerToken } from '../gateway-peer.ts';
import { peerOptions, program } from './tui-program.ts';

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the program without a terminal and gives it `input`. */
async function run(args: readonly string[], input = '', token = peerToken): Promise<Ran> {
  await using directory = await temporaryDirectory();
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env['PATH'], MOSAIC_DATA_DIR: directory.path, MOSAIC_TOKEN: token },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (data) => (out += data));
  child.stderr.on('data', (data) => (err += data));
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out, err };
}

/** The plain chat, to be written to step by step. */
function startPlain(url: string) {
  const child = spawn(process.execPath, [program, 'tui', '--plain', '--url', url], {
    env: { PATH: process.env['PATH'], MOSAIC_TOKEN: peerToken, MOSAIC_DATA_DIR: '/nonexistent' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (data) => (said += data));
  return {
    said: () => said,
    write: (text: string) => void child.stdin.write(text),
    end: () => void child.kill('SIGTERM'),
  };
}

async function answeringPeer() {
  const peer = new GatewayPeer({
    ...peerOptions,
    onFrame(frame, self) {
      if (frame.type !== 'send') return;
      const { conversationId, messageId, text } = frame;
      const ids = { conversationId, messageId, run: 'run-1' };
      if (text === 'fail') fail(self, ids);
      else if (text === 'dig') askForLeave(self, ids);
      // Cut in the middle of an emoji, as a stream of UTF-16 code units may be.
      else void answerMessage(self, ids, { pieces: ['Hi \ud83c', '\udf89 there.'], pauseMs: 20 });
    },
  });
  return {
    peer,
    url: await peer.listen(),
    [Symbol.asyncDispose]: () => peer[Symbol.asyncDispose](),
  };
}

function fail(peer: GatewayPeer, ids: { conversationId: string; messageId: string; run: string }) {
  peer.append(ids.conversationId, routed(ids));
  peer.append(ids.conversationId, {
    type: 'turn.failed',
    run: ids.run,
    messageId: ids.messageId,
    text: '',
    step: 0,
    usage: null,
    cost: { usd: null, source: 'unknown' },
    timings: { firstTokenMs: null, totalMs: 10 },
    isSimulated: false,
    failure: { code: 'missing_key', message: 'The provider has no key.', isRetryable: false },
  });
}

/** Calls a tool that needs a person, and goes on when one has answered. */
function askForLeave(peer: GatewayPeer, ids: TurnIds): void {
  const { conversationId, run: id } = ids;
  const call = { run: id, step: 0, callId: 'call-1' } as const;
  const given = { command: 'dig' };
  peer.append(conversationId, routed(ids));
  peer.append(conversationId, {
    ...{ type: 'tool.called', ...call, name: 'shell', arguments: given, text: '' },
  });
  peer.append(conversationId, {
    ...{ type: 'approval.asked', ...call, tool: 'shell', arguments: given, covers: 'shell' },
    expiresAt: '2999-01-01T00:00:00.000Z',
  });
}

test('ask prints the answer to stdout, the routing line to stderr, and ends with 0', async () => {
  await using server = await answeringPeer();
  const args = ['ask', 'Hello', '--url', server.url, '--model', 'claude-opus-4-6'];
  const ran = await run(args, 'piped text');
  assert.deepEqual([ran.code, ran.out], [0, 'Hi 🎉 there.\n']);
  assert.match(ran.err, /^claude-opus-4-6 · code-complex/);
  const [frame] = server.peer.framesOf('send');
  assert.deepEqual([frame?.text, frame?.model], ['Hello\n\npiped text', 'claude-opus-4-6']);
});

test('ask --json prints an object per line, the finished message last', async () => {
  await using server = await answeringPeer();
  const { out } = await run(['ask', 'Hello', '--json', '--url', server.url]);
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map((line) => line.event?.type ?? line.type),
    ['message.added', 'turn.routed', 'delta', 'delta', 'turn.completed', 'message'],
  );
  const { message } = lines.at(-1);
  assert.deepEqual([message.content, message.status], ['Hi 🎉 there.', 'completed']);
});

test('the exit code of ask says what went wrong', async () => {
  await using server = await answeringPeer();
  const failed = await run(['ask', 'fail', '--url', server.url]);
  assert.deepEqual([failed.code, failed.out], [1, '']);
  assert.match(failed.err, /The provider has no key\. \(missing_key\)\n`mosaic providers set/);
  const gone = await run(['ask', 'x', '--conversation', makeId(), '--url', server.url]);
  assert.deepEqual([gone.code, gone.out], [1, '']);
  assert.match(gone.err, /There is no such conversation/);
  assert.equal((await run(['ask'])).code, 2);
  assert.equal((await run(['ask', 'x', '--nonsense'])).code, 2);
  assert.equal((await run(['ask', 'x', '--url', 'http://127.0.0.1:1'])).code, 3);
  assert.equal((await run(['ask', 'x', '--url', server.url], '', 'wrong')).code, 4);
});

test('ask ends with its own code where a tool call needs a person, and says where to decide', async () => {
  await using server = await answeringPeer();
  const ran = await run(['ask', 'dig', '--url', server.url]);
  assert.equal(ran.code, 5);
  assert.match(ran.err, /shell\(command: "dig"\) needs your approval\.\n.*tui --conversation \w/);
});

test('plain mode numbers what can be answered to a tool call', async () => {
  await using server = await answeringPeer();
  const child = startPlain(server.url);
  await waitFor(() => child.said().includes('Connected.'));
  child.write('dig\n');
  await waitFor(() => child.said().includes('Write a number.'));
  assert.match(child.said(), /May shell run\?[\s\S]*command: dig[\s\S]*3\. deny/);
  child.write('yes\n3\n');
  const [answer] = await waitFor(() => server.peer.framesOf('answer-approval'));
  assert.equal(answer?.answer, 'deny');
  assert.match(child.said(), /Write 1, 2 or 3/);
  child.end();
});

test('Ctrl+C stops the answer of ask, and says so', async () => {
  await using peer = new GatewayPeer({
    onFrame(frame, self) {
      const ids = { run: 'run-1', messageId: self.framesOf('send')[0]?.messageId ?? '' };
      const { conversationId } = self.framesOf('send')[0] ?? {};
      if (frame.type === 'send') self.append(frame.conversationId, routed({ ...frame, ...ids }));
      if (frame.type === 'cancel' && conversationId !== undefined) {
        const ending = { usage: null, cost: { usd: null, source: 'unknown' }, step: 0 } as const;
        const timings = { firstTokenMs: null, totalMs: 10 };
        const cancelled = { ...ids, ...ending, timings, text: 'Half', isSimulated: false };
        self.append(conversationId, { type: 'turn.cancelled', ...cancelled });
      }
    },
  });
  const url = await peer.listen();
  const child = spawn(process.execPath, [program, 'ask', 'x', '--url', url], {
    env: { PATH: process.env['PATH'], MOSAIC_TOKEN: peerToken },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (data) => (said += data));
  await waitFor(() => peer.framesOf('send'));
  await waitFor(() => peer.log(peer.framesOf('send')[0]?.conversationId ?? '').length >= 3);
  child.kill('SIGINT');
  const code = await new Promise((resolve) => child.once('close', resolve));
  assert.equal(code, 1);
  assert.match(said, /Stopped\.\n/);
});

test('plain mode only appends, says when the answer is finished, and leaves at the end', async () => {
  await using server = await answeringPeer();
  const input = '/modle\n/model\n3\nHello\n';
  const { code, out } = await run(['tui', '--plain', '--url', server.url], input);
  assert.equal(code, 0);
  assert.ok(!out.includes('\x1b'));
  assert.match(out, /Unknown command \/modle\. Did you mean \/model\?/);
  assert.match(out, /4\. ✗ gpt-5\.4: No key is set\./);
  assert.match(out, /Model: claude-sonnet-4-6, pinned/);
  assert.match(out, /Hi 🎉 there\.\nclaude-opus-4-6 · .*\nAssistant finished\.\n$/);
});
