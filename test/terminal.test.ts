import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type JournalEntry, launchMosaic, type RunningMosaic, waitFor } from '@mosaic/test-kit';
import { openPty, type Pty } from '@mosaic/test-kit/pty';

const launcher = join(import.meta.dirname, '..', 'deploy/local/src/main.ts');
let mosaic: RunningMosaic;
before(async () => {
  mosaic = await launchMosaic();
});
after(async () => {
  await Promise.all(opened.map((terminal) => terminal.close()));
  await mosaic.stop();
});

const opened: Pty[] = [];
const openTerminal = (cols = 110, rows = 36): Pty => {
  const terminal = openPty([process.execPath, launcher, 'tui'], {
    cols,
    rows,
    env: { MOSAIC_DATA_DIR: mosaic.dataDir },
  });
  opened.push(terminal);
  return terminal;
};

const send = (terminal: Pty, text: string) => {
  terminal.type(text);
  terminal.press('enter');
};

/** What the vendors received for the turn whose last message holds `text`. */
function receivedFor(text: string): { entry: JournalEntry; body: Record<string, unknown> } {
  // What is said is also made into vectors, behind the conversation's back.
  const completions = mosaic.vendors.journal.filter(({ path }) => !/embed/.test(path));
  const entry = completions.findLast((one) => {
    const body = one.body as { messages?: unknown[]; input?: unknown[] } | undefined;
    const turns = body?.messages ?? body?.input ?? [];
    return Array.isArray(turns) && JSON.stringify(turns.at(-1) ?? '').includes(text);
  });
  assert.ok(entry, `no vendor was asked about "${text}"`);
  return { entry, body: entry.body as Record<string, unknown> };
}

const everything = (terminal: Pty) => [...terminal.scrollback(), ...terminal.screen()].join('\n');

test('tokens are seen before the end, and under the reply stand the model and the reason', async () => {
  const terminal = openTerminal();
  const words = Array.from({ length: 30 }, (_, index) => `word${index}`).join(' ');
  mosaic.vendors.script({ vendor: 'anthropic', reply: words, holdAfter: 10 });
  await terminal.waitForText(/auto/);
  send(terminal, 'What is the capital of Australia?');
  await terminal.waitForText('word3');
  assert.equal(everything(terminal).includes('word29'), false, 'the end has not come yet');
  mosaic.vendors.goOn();
  await terminal.waitForText('word29');
  await terminal.waitForText(/claude-haiku-4-5.*simple/);
  send(terminal, '/quit');
  assert.equal((await terminal.exit).exitCode, 0);
});

test('started again it resumes, and the model is shown the whole history as turns', async () => {
  const terminal = openTerminal();
  await terminal.waitForText('capital of Australia');
  await terminal.waitForText('word29');
  send(terminal, 'And the capital of Peru, friend?');
  await terminal.waitForText(/Peru[\s\S]*·/);
  const { body } = await waitForReceived('capital of Peru');
  const turns = (body['messages'] ?? body['input']) as { role: string }[];
  assert.deepEqual(
    turns.map((turn) => turn.role).filter((role) => role !== 'system' && role !== 'developer'),
    ['user', 'assistant', 'user'],
  );
  assert.match(JSON.stringify(turns), /word29/);
  send(terminal, '/quit');
  await terminal.exit;
});

const waitForReceived = (text: string) => waitFor(() => receivedFor(text));

test('/model changes the model of the following messages and says so under each', async () => {
  const terminal = openTerminal();
  await terminal.waitForText('Peru');
  send(terminal, '/model claude-sonnet-4-6');
  await terminal.waitForText(/claude-sonnet-4-6/);
  for (const city of ['Oslo', 'Quito']) {
    send(terminal, `What is special about ${city}?`);
    const { body } = await waitForReceived(`special about ${city}`);
    assert.equal(body['model'], 'claude-sonnet-4-6');
    await terminal.waitForText(new RegExp(`${city}[\\s\\S]*claude-sonnet-4-6.*pinned`));
  }
  send(terminal, '/model auto');
  send(terminal, 'What is the capital of Chad?');
  const { body } = await waitForReceived('capital of Chad');
  assert.equal(body['model'], 'claude-haiku-4-5');
  send(terminal, '/quit');
  await terminal.exit;
});

test('/agent changes the system prompt and the tools of the following messages', async () => {
  const terminal = openTerminal();
  await terminal.waitForText('Chad');
  send(terminal, '/agent coding-agent');
  await terminal.waitForText(/coding-agent/);
  send(terminal, 'What is the capital of Mali?');
  const { body } = await waitForReceived('capital of Mali');
  assert.match(JSON.stringify(body['system']), /software engineer/);
  const tools = body['tools'] as { name: string }[];
  assert.ok(tools.some((tool) => tool.name === 'write_file'));
  send(terminal, '/modle');
  await terminal.waitForText(/\/model/);
  send(terminal, '/quit');
  await terminal.exit;
});

test('Esc stops the answer and keeps what was said', async () => {
  const terminal = openTerminal();
  mosaic.vendors.script({ vendor: 'anthropic', reply: 'tick '.repeat(400), holdAfter: 20 });
  await terminal.waitForText(/coding-agent/);
  send(terminal, 'Count for long, friend');
  await terminal.waitForText('tick tick');
  terminal.press('escape');
  await terminal.waitForText(/cancel|stopp/i);
  send(terminal, '/quit');
  await terminal.exit;
});

test('the scrollback is never wiped', async () => {
  const terminal = openTerminal(60, 20);
  await terminal.waitForText(/coding-agent/);
  terminal.resize(40, 15);
  send(terminal, '/help');
  await waitFor(() => everything(terminal).includes('/history'));
  send(terminal, '/quit');
  await terminal.exit;
  assert.equal(terminal.output().includes('\x1b[3J'), false);
  assert.equal(terminal.output().includes('\x1b[2J'), false);
});
