import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { commandsOf } from '@mosaic/proto';
import { waitFor } from '@mosaic/test-kit';
import { commandCode } from '../../src/commands/command-list.ts';
import { completed, exampleDecision, routed } from '../example-turns.ts';
import { type RunningTui, startTui } from './tui-program.ts';

let tui: RunningTui;
const answer = 'Use this:\n\n```js\nlet a = 1;\n```\n\nThat is all.';

/** One conversation with one answer, for all claims of this file. */
before(async () => {
  tui = await startTui({
    cols: 110,
    rows: 40,
    peer: {
      onFrame(frame, peer) {
        if (frame.type !== 'send') return;
        const ids = { ...frame, run: `run-${frame.messageId}` };
        const nextBest = { provider: 'openai', model: 'gpt-5.4', expectedCostUsd: 0.031 } as const;
        const away = { provider: 'zai', model: 'glm-5', why: 'No key is set.', namedBy: 'cheap' };
        peer.append(
          frame.conversationId,
          routed(ids, { ...exampleDecision, nextBest, removed: [away] as never }),
        );
        peer.append(frame.conversationId, completed(ids, answer));
      },
    },
  });
  await tui.pty.waitForText('online');
  await run('How do I begin?', 'That is all.');
});
after(() => tui[Symbol.asyncDispose]());

async function run(text: string, expected: string | RegExp): Promise<void> {
  tui.pty.type(`${text}\r`);
  await tui.pty.waitForText(expected);
}

test('/why shows signals, rules, who was passed over, and what the next best would have cost', async () => {
  await run('/why', /passed over {2}zai\/glm-5: No key is set\. \(named by cheap\)/);
  await tui.pty.waitForText(/next\s+openai\/gpt-5\.4 · gpt-5\.4 would cost \$0\.031/);
  await tui.pty.waitForText(/cues\s+refactor/);
});

test('/copy writes the clipboard sequence and a file; /copy code only the last block', async () => {
  await run('/copy code', /Copied 11 characters/);
  const sequence = `\x1b]52;c;${Buffer.from('let a = 1;\n').toString('base64')}\x07`;
  assert.ok(tui.pty.output().includes(sequence));
  assert.equal(await readFile(join(tui.dataDir, 'copied.txt'), 'utf8'), 'let a = 1;\n');
  await run('/copy', /Copied 4\d characters/);
});

test('/export writes the conversation to a file, and never over one', async () => {
  const file = join(tui.dataDir, 'talk.md');
  await run(`/export markdown ${file}`, 'Written:');
  assert.equal(await readFile(file, 'utf8'), '# exported as markdown');
  await run(`/export markdown ${file}`, /was not written: it is already there/);
});

test('/rename, /thinking and /agent new and edit change what they say', async () => {
  await run('/rename A better title', 'Title: A better title');
  await run('/thinking high', 'Effort: high, for this conversation.');
  await run('/thinking loud', '/thinking takes none, minimal');
  await run('/agent new pirate You are a pirate.', 'Agent: pirate, new and yours');
  await run('/agent edit pirate tools read_file=allow shell=ask', 'Changed: pirate');
  await run('/agent edit pirate tools shell=maybe', 'shell=maybe is no tools');
  await run('/agent edit pirate colour red', 'An agent has no colour.');
  const patches = tui.peer.requests.filter((line) => /^(?:PATCH|POST) /.test(line)).join('\n');
  assert.match(patches, /PATCH \/api\/conversations\/\S+ \{"title":"A better title"\}/);
  assert.match(patches, /\{"effort":"high"\}/);
  assert.match(patches, /POST \/api\/agents \{"name":"pirate","systemPrompt":"You are a pirate\."/);
  assert.match(
    patches,
    /"tools":\[\{"tool":"read_file","policy":"allow"\},\{"tool":"shell","policy":"ask"\}\]/,
  );
});

test('/cost tells this conversation, today and thirty days, and never hides what is unknown', async () => {
  await run('/cost', /conversation {2}1 answer · 3\.4k in \/ 612 out · \$0\.014/);
  await tui.pty.waitForText(
    /30 days\s+3 calls · 1\.5k in \/ 300 out · \$0\.12 \+ 1 of unknown cost/,
  );
  await tui.pty.waitForText(/\$0\.40 left of today's budget/);
});

test('/rules lists the rules with what is doubtful', async () => {
  await run('/rules', /50 {2}yours cheap-mail → tier\/cheap: Mail is easy\./);
  await tui.pty.waitForText('! cheap-mail: The tier is empty.');
});

test('/tools tells of each tool what the agent may do, where it is from, and why it does not work', async () => {
  await run('/tools', /✓ web_fetch\s+ask\s+built in\s+Reads a page\./);
  await tui.pty.waitForText(/✗ shell\s+deny, except\s+built in\s+Runs a command\./);
  await tui.pty.waitForText(/^\s+allow where command matches "git \.\*"/m);
  await tui.pty.waitForText(/✓ mcp:docs:find\s+not granted\s+MCP server docs\s+Finds\./);
  await tui.pty.waitForText('! shell: The shell is off. Turn it on.');
  await tui.pty.waitForText('! "web_fech: allow" fits no tool that is known now.');
  const asked = () => tui.peer.requests.filter((line) => line.startsWith('GET /api/tools')).at(-1);
  assert.equal(asked(), 'GET /api/tools?agent=pirate', 'the agent of the conversation');
  await run('/tools Coding-Agent', 'tools of coding-agent');
  assert.equal(asked(), 'GET /api/tools?agent=coding-agent');
});

test('/theme changes the colours of what is printed from now on, and is kept', async () => {
  await run('/theme lihgt', 'Unknown theme lihgt. Did you mean light?');
  await run('/theme light', 'Theme: light, for a light background.');
  await waitFor(() => tui.pty.output().includes('\x1b[38;5;242m'));
  assert.ok((await readdir(tui.dataDir)).includes('tui-preferences.json'));
});

test('/help names every command of the manifest that works in a terminal, and the keys', async () => {
  await run('/help', /Ctrl\+D\s+quit/);
  const shown = [...tui.pty.scrollback(), ...tui.pty.screen()].join('\n');
  for (const { name, summary } of commandsOf('terminal')) {
    assert.ok(shown.includes(`/${name}`) && shown.includes(summary), name);
  }
});

test('/memory looks through what is remembered and forgets one, /remember adds one', async () => {
  await run('/memory oslo', 'What is remembered of you');
  await tui.pty.waitForText(/→ Lives in Oslo\.\s+fact, by model/);
  assert.ok(!tui.pty.screen().join('\n').includes('Likes short answers.'));
  tui.pty.press('enter');
  await tui.pty.waitForText('→ keep');
  tui.pty.press('down');
  tui.pty.press('enter');
  await tui.pty.waitForText('Forgotten: Lives in Oslo.');
  assert.ok(tui.peer.requests.includes('DELETE /api/memory/01890a5d-ac96-774b-bcce-b302099a8058'));
  await run('/remember I like tea', 'Remembered: ');
  assert.ok(tui.peer.requests.includes('POST /api/memory {"text":"I like tea"}'));
});

test('/fork goes on in a copy, which begins with what was said', async () => {
  await run('/fork', 'This is a copy from here on');
  const [, forkId] = [...tui.peer.requests.join('\n').matchAll(/fork \{"id":"([^"]+)"/g)][0] ?? [];
  await waitFor(() => tui.peer.framesOf('subscribe').at(-1)?.conversationId === forkId);
});

test('/retry asks the last question again, of the model that is named, for once', async () => {
  const sent = tui.peer.framesOf('send').length;
  await run('/retry gpt-5.4', 'gpt-5.4 is not available: No key is set.');
  tui.pty.type('/retry claude-sonnet-4-6\r');
  const frame = await waitFor(() => tui.peer.framesOf('send')[sent]);
  assert.deepEqual([frame.text, frame.model], ['How do I begin?', 'claude-sonnet-4-6']);
  const [said] = await waitFor(() => tui.peer.feedback.length > 0 && tui.peer.feedback);
  assert.deepEqual([said?.kind, said?.model], ['model', 'claude-sonnet-4-6']);
});

test('every command of the manifest that works in a terminal has code here, and no other', () => {
  const works = commandsOf('terminal').map(({ name }) => name);
  assert.deepEqual(Object.keys(commandCode).sort(), [...works].sort());
});

test('/approve, /search and the arranging commands say what they did or miss', async () => {
  await run('/approve once', 'No tool call waits for you.');
  await run('/search', 'Say what to look for: /search <words>');
  await run('/pin', 'Pinned in front of the list.');
  await run('/incognito', /nothing of this conversation is remembered/);
  await run('/archive', 'Archived: out of the list');
});
