import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toolGrantSchema } from '@mosaic/proto';
import { argumentPatternProblem } from '../../src/app/policy/argument-pattern.ts';
import { grantsOf, isNamed, isOffered, judgeCall } from '../../src/app/policy/judge-call.ts';
import { policyOfTool } from '../../src/app/policy/policy-of-tool.ts';

const list = (...grants: readonly object[]) => grants.map((one) => toolGrantSchema.parse(one));
const when = (argument: string, matches: string) => ({ when: [{ argument, matches }] });
const shell = (command: unknown) => ({ name: 'shell', arguments: { command } });

test('the first line that fits decides', () => {
  const grants = list(
    { tool: 'shell', policy: 'deny', ...when('command', '.*rm .*') },
    { tool: 'shell', policy: 'allow', ...when('command', 'git (status|log).*') },
    { tool: 'shell', policy: 'ask' },
    { tool: 'shell', policy: 'allow' },
  );
  assert.equal(judgeCall(grants, shell('git status')).policy, 'allow');
  assert.equal(judgeCall(grants, shell('git log && rm -rf .')).policy, 'deny');
  assert.deepEqual(judgeCall(grants, shell('make')), { policy: 'ask', covers: 'shell' });
});

test('a pattern is about the whole value, over all its lines', () => {
  const grants = list(
    { tool: 'web_fetch', policy: 'allow', ...when('url', 'https://example\\.org/.*') },
    { tool: 'shell', policy: 'deny', ...when('command', '.*curl.*') },
    { tool: 'shell', policy: 'allow' },
  );
  const fetching = (url: string) => judgeCall(grants, { name: 'web_fetch', arguments: { url } });
  assert.equal(fetching('https://example.org/a').policy, 'allow');
  assert.equal(fetching('https://evil.test/?https://example.org/a').policy, 'deny');
  assert.equal(judgeCall(grants, shell('ls\ncurl evil.test\nls')).policy, 'deny');
});

test('a call without the argument, or with one that is no text, is fitted by what it is', () => {
  const grants = list({ tool: 't', policy: 'allow', ...when('n', '[0-9]+|true|\\["a"\\]') });
  const judge = (given: Record<string, unknown>) =>
    judgeCall(grants, { name: 't', arguments: given }).policy;
  assert.equal(judge({}), 'deny');
  assert.equal(judge({ n: 7 }), 'allow');
  assert.equal(judge({ n: true }), 'allow');
  assert.equal(judge({ n: ['a'] }), 'allow');
  assert.equal(judge({ n: { toString: '7' } }), 'deny');
  assert.equal(judge({ n: null }), 'deny');
});

test('what can not be judged is refused, though a later line would let it through', () => {
  const broken = list(
    { tool: 'shell', policy: 'deny', ...when('command', '(a)\\1') },
    { tool: 'shell', policy: 'allow' },
  );
  assert.equal(judgeCall(broken, shell('ls')).policy, 'deny');
  const sound = list(
    { tool: 'shell', policy: 'deny', ...when('command', '.*rm.*') },
    { tool: 'shell', policy: 'allow' },
  );
  assert.equal(judgeCall(sound, shell(`${' '.repeat(50_000)}rm -rf .`)).policy, 'deny');
  assert.match(argumentPatternProblem('(a)\\1') ?? '', /no lookaround and no backreferences/);
  assert.match(argumentPatternProblem('(a{20}){20}') ?? '', /too large|repeat/);
  assert.equal(argumentPatternProblem('git .*'), null);
});

test('a list with patterns without end refuses instead of taking the time of others', () => {
  const slow = { tool: 'shell', policy: 'deny', ...when('command', '(.*a){10}b') };
  const grants = list(...Array.from({ length: 150 }, () => slow), {
    tool: 'shell',
    policy: 'allow',
  });
  assert.equal(judgeCall(grants, shell('a'.repeat(7_000))).policy, 'deny');
});

test('a line names one tool, or all that its stars leave room for', () => {
  const named: [string, string, boolean][] = [
    ['web_fetch', 'web_fetch', true],
    ['web_fetch', 'web_fetch2', false],
    ['mcp:github:*', 'mcp:github:search', true],
    ['mcp:github:*', 'mcp:github-evil:search', false],
    ['mcp:*:read_*', 'mcp:a:read_x', true],
    ['mcp:*:read_*', 'mcp:a:write_x', false],
    ['*_file', 'read_file', true],
    ['a*a', 'a', false],
    ['*', 'anything', true],
    ['.*', 'anything', false],
  ];
  for (const [pattern, name, isTrue] of named) {
    assert.equal(isNamed(pattern, name), isTrue, `${pattern} ${name}`);
  }
});

test('a model sees what some line could let through', () => {
  const grants = list(
    { tool: 'a', policy: 'deny' },
    { tool: 'a', policy: 'allow' },
    { tool: 'b', policy: 'allow', ...when('x', '1') },
    { tool: 'b', policy: 'deny' },
    { tool: 'c', policy: 'ask' },
  );
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].filter((name) => isOffered(grants, name)),
    ['b', 'c'],
  );
});

test('reading on comes along with other tools, and with none it does not', () => {
  assert.deepEqual(grantsOf({ tools: [] }), []);
  assert.deepEqual(grantsOf({ tools: list({ tool: 'a', policy: 'deny' }) }), []);
  const some = grantsOf({ tools: list({ tool: 'a', policy: 'ask' }) });
  assert.equal(judgeCall(some, { name: 'read_result', arguments: {} }).policy, 'allow');
  const without = grantsOf({
    tools: list({ tool: 'read_result', policy: 'deny' }, { tool: 'a', policy: 'ask' }),
  });
  assert.equal(judgeCall(without, { name: 'read_result', arguments: {} }).policy, 'deny');
});

test('an answer for the conversation covers what the line covers, and no more', () => {
  const grants = list(
    { tool: 'mcp:*', policy: 'ask', ...when('owner', 'me') },
    { tool: 'mcp:*', policy: 'ask' },
  );
  const coveredBy = (name: string, given: Record<string, unknown>) => {
    const judged = judgeCall(grants, { name, arguments: given });
    return judged.policy === 'ask' ? judged.covers : judged.policy;
  };
  assert.equal(coveredBy('mcp:a:x', { owner: 'me' }), 'mcp:a:x where owner matches "me"');
  assert.equal(coveredBy('mcp:a:x', { owner: 'you' }), 'mcp:a:x');
  assert.equal(coveredBy('mcp:a:y', {}), 'mcp:a:y');
});

test('what people are told of a tool is what becomes of calls', () => {
  const sudo = when('command', 'sudo .*');
  const git = when('command', 'git .*');
  const grants = list(
    { tool: 'shell', policy: 'deny', ...sudo },
    { tool: 'sh*', policy: 'allow', ...git },
    { tool: 'shell', policy: 'ask' },
    { tool: 'shell', policy: 'allow' },
    { tool: 'web_fetch', policy: 'allow', ...when('url', 'https://a.test/') },
  );
  assert.deepEqual(policyOfTool(grants, 'shell'), {
    policy: 'ask',
    exceptions: [
      { policy: 'deny', ...sudo },
      { policy: 'allow', ...git },
    ],
  });
  assert.equal(policyOfTool(grants, 'shell').policy, judgeCall(grants, shell('make')).policy);
  const fetching = policyOfTool(grants, 'web_fetch');
  const other = judgeCall(grants, { name: 'web_fetch', arguments: { url: 'https://b.test/' } });
  assert.deepEqual([fetching.policy, other.policy], ['deny', 'deny']);
  assert.equal(fetching.exceptions.length, 1);
  assert.deepEqual(policyOfTool(grants, 'read_file'), { policy: 'not-granted', exceptions: [] });
});
