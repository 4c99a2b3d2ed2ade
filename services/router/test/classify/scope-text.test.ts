import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scopeText } from '../../src/app/classify/scope-text.ts';
import { harmlessChanges } from '../../train/harmless-changes.ts';

const kindsIn = (text: string) => scopeText(text).attachments.map(({ kind }) => kind);
const changed = (name: string, prompt: string) => {
  const found = harmlessChanges.find((one) => one.name === name);
  assert.ok(found, name);
  return scopeText(found.change(prompt));
};

const request = 'Name three rivers in Spain.';

const pasted: readonly (readonly [string, string, string])[] = [
  ['code', 'a fenced block', '```ts\nconst a = 1;\n```'],
  ['log', 'a fenced log', '```log\nall is well\n```'],
  [
    'log',
    'a trace',
    'Traceback (most recent call last):\n  File "a.py", line 3, in <module>\nKeyError',
  ],
  [
    'log',
    'lines of an access log',
    '10.0.0.1 - - [24/Nov/2026] "GET /"\n10.0.0.1 - - [24/Nov/2026] "GET /a"',
  ],
  ['log', 'a log in JSON', '{"level":"info","msg":"up"}\n{"level":"warn","msg":"slow"}'],
  ['table', 'a table of bars', '| a | b |\n| 1 | 2 |'],
  ['table', 'a table of commas', 'a,b,c,d\n1,2,3,4'],
  ['table', 'a table of three columns', 'date,visitors,signups\n2026-10-01,1203,44'],
  ['table', 'a table of semicolons', 'week;calls;answered\n40;812;790'],
  ['table', 'a list in columns', 'NAME      READY   STATUS\napi-2xkq  0/1     CrashLoopBackOff'],
  [
    'code',
    'a diff',
    'diff --git a/x.ts b/x.ts\n--- a/x.ts\n+++ b/x.ts\n@@ -12,7 +12,7 @@\n-  if (a) {\n+  if (b) {\n   run();',
  ],
  ['code', 'a query', 'SELECT a, b\nFROM t\nJOIN u ON u.id = t.id\nWHERE a > 1\nGROUP BY b;'],
  ['code', 'a container file', 'FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci'],
  ['quote', 'a quotation', '> he said so\n> and left'],
  ['document', 'a tagged document', '<document>\nLong ago.\n</document>'],
  ['tools', 'a list of tools', '- read_file(path): reads\n- run_tests(): runs\n- send_mail: sends'],
  [
    'tools',
    'tools in JSON',
    '[{"name": "read", "parameters": {"type": "object"}, "description": "reads a file"}]',
  ],
  ['tool-result', 'what a tool answered', '<tool_result>\n{"ok": true}\n</tool_result>'],
  ['tool-result', 'what a tool answered in words', 'Tool result: 3 files changed'],
];

for (const [kind, name, text] of pasted) {
  test(`${name} is taken for ${kind}, behind the request and in front of it`, () => {
    for (const whole of [`${request}\n\n${text}`, `${text}\n\n${request}`]) {
      const scoped = scopeText(whole);
      assert.equal(scoped.own, request, whole);
      assert.deepEqual(
        scoped.attachments.map((one) => one.kind),
        [kind],
      );
      assert.ok((scoped.attachments[0]?.chars ?? 0) >= text.length - 2);
    }
  });
}

test("an agent's prompt is split off, what people say to a role stays", () => {
  const scoped = changed("an agent's prompt in front", request);
  assert.equal(scoped.own, request);
  assert.ok(scoped.attachments.some(({ kind }) => kind === 'agent-prompt'));
  const role = 'You are a chef. Suggest a dish with lentils.';
  assert.equal(scopeText(role).own, role);
  assert.equal(scopeText(`You are a helpful AI assistant. ${request}`).own, request);
  assert.equal(scopeText(`System: be brief.\nUser: ${request}`).own, request);
});

test('a message that is quoted as a whole is the request', () => {
  assert.equal(changed('quoted by marks', request).own, request);
  assert.equal(
    changed('quoted by lines', `${request}\nAnd two in Peru.`).own,
    `${request}\nAnd two in Peru.`,
  );
  assert.deepEqual(kindsIn(`> he said so\n\n${request}`), ['quote']);
});

test('the request is found in front of, behind and between what it is about', () => {
  const story = 'The old mill stood by the river. Nobody had worked there for years. '.repeat(6);
  for (const text of [
    `Summarize this in one sentence.\n\n${story}`,
    `${story}\n\nSummarize this in one sentence.`,
    `${story}\n\nSummarize this in one sentence.\n\n${story}`,
  ]) {
    const { segments } = scopeText(text);
    const request = segments.find((one) => one.text.startsWith('Summarize'));
    const about = segments.filter((one) => one.text.startsWith('Nobody'));
    assert.ok(about.length > 0);
    assert.ok(
      about.every((one) => one.weight < (request?.weight ?? 0)),
      JSON.stringify(segments),
    );
  }
});

test('greetings, thanks and advice about thinking are taken off, a question about them is not', () => {
  assert.equal(scopeText(`Hi there! ${request} Thank you very much!`).own, request);
  assert.equal(scopeText(`${request} Think step by step. Thanks!`).own, request);
  assert.equal(
    scopeText('How do you say thank you very much').own,
    'How do you say thank you very much',
  );
  assert.equal(scopeText('thanks a lot!').own, 'thanks a lot!');
});

test('of a configuration by indents at most its first line is left, and a list of names stays', () => {
  const yaml = 'services:\n  web:\n    image: nginx\n    ports:\n      - "80:80"';
  const scoped = scopeText(`add a port to this\n\n${yaml}`);
  assert.deepEqual(
    scoped.attachments.map(({ kind }) => kind),
    ['code'],
  );
  assert.equal(scoped.own, 'add a port to this\n\nservices:');
  const names = 'Sort these: Anna,\nBen, Carl, and Dora';
  assert.equal(scopeText(names).own, names);
});

test('a message of nothing but code or a log is still looked at', () => {
  const scoped = scopeText('```py\nprint(1)\n```');
  assert.equal(scoped.isOnlyPasted, true);
  assert.match(scoped.own, /print/);
  assert.equal(scopeText('').own, '');
});

test('a megabyte is cut to both its ends, and the middle is named as a document', () => {
  const text = `${request}\n${'filler words of no matter. '.repeat(40_000)}`;
  const scoped = scopeText(text);
  assert.ok(scoped.own.length < 3_000);
  assert.ok(scoped.own.startsWith(request));
  const chars = scoped.attachments.reduce((sum, one) => sum + one.chars, 0);
  assert.ok(chars > text.length - 5_000, `${chars} of ${text.length}`);
});
