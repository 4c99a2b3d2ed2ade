import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelCard, RoutingRule, RuleFinding, Tier } from '@mosaic/proto';
import fc from 'fast-check';
import { defaultRules, defaultTiers } from '../../src/app/default-rules.ts';
import { type Domain, domainOf, isWithin } from '../../src/app/lint/domains.ts';
import { lintRules } from '../../src/app/lint/lint-rules.ts';
import { waysOf } from '../../src/app/lint/normal-form.ts';
import type { RuleFacts } from '../../src/app/rules/facts.ts';
import { judgeAll } from '../../src/app/rules/judge-condition.ts';
import { assertReadable } from '../../src/app/saving/check-rule.ts';
import { exampleCard, exampleCards } from './example-cards.ts';
import { anyFacts, anyTree } from './rule-arbitraries.ts';

const agents = [
  { name: 'assistant', model: null },
  { name: 'coder', model: 'claude-opus-4-6' },
];
const rule = (name: string, more: object = {}): RoutingRule =>
  assertReadable({ name, then: { model: 'gpt-5.4', fallbacks: ['glm-5'] }, ...more });

interface World {
  readonly tiers?: readonly Tier[];
  readonly cards?: readonly ModelCard[];
}
const lint = (
  rules: readonly RoutingRule[],
  { cards = exampleCards, tiers = defaultTiers }: World = {},
) => lintRules(rules, { agents, cards, tiers });

const coding = { field: 'taskType', op: 'is', value: 'coding' };
const complex = { field: 'complexity', op: 'is', value: 'complex' };
const tier = (name: string, ...models: string[]): Tier => ({ name, models, version: 1 });

interface Case {
  readonly code: RuleFinding['code'];
  readonly level: RuleFinding['level'];
  readonly wrong: readonly RoutingRule[];
  readonly right: readonly RoutingRule[];
  readonly sentence: RegExp;
  readonly wrongWorld?: World;
  readonly rightWorld?: World;
}

const to = (model: string, ...fallbacks: string[]) => ({ then: { model, fallbacks } });

const cases: Readonly<Record<string, Case>> = {
  'a rule behind one that takes everything': {
    code: 'shadowed',
    level: 'warning',
    wrong: [rule('all', { priority: 1 }), rule('code', { priority: 2, when: [coding] })],
    right: [rule('all', { priority: 2 }), rule('code', { priority: 1, when: [coding] })],
    sentence: /"code" is never reached: "all" takes all its messages first/,
  },
  'a rule that others cover only together': {
    code: 'shadowed',
    level: 'warning',
    wrong: [
      rule('a', {
        priority: 1,
        when: [coding, { field: 'complexity', op: 'at-least', value: 'moderate' }],
      }),
      rule('b', { priority: 2, when: [{ ...complex, value: 'simple' }] }),
      rule('c', { priority: 3, when: [coding] }),
    ],
    right: [
      rule('a', { priority: 1, when: [coding, complex] }),
      rule('b', { priority: 2, when: [{ ...complex, value: 'simple' }] }),
      rule('c', { priority: 3, when: [coding] }),
    ],
    sentence: /"a", "b" take all its messages first/,
  },
  'a rule that contradicts itself': {
    code: 'contradiction',
    level: 'error',
    wrong: [rule('never', { when: [coding, { ...coding, value: 'chat' }] })],
    right: [rule('sometimes', { when: [{ any: [coding, { ...coding, value: 'chat' }] }] })],
    sentence: /"never" contradict each other/,
  },
  'numbers that exclude each other': {
    code: 'contradiction',
    level: 'error',
    wrong: [
      rule('never', {
        when: [
          { field: 'promptTokens', op: 'at-least', value: 10 },
          { not: { field: 'promptTokens', op: 'at-least', value: 10 } },
        ],
      }),
    ],
    right: [
      rule('ten', {
        when: [
          { field: 'promptTokens', op: 'at-least', value: 10 },
          { field: 'promptTokens', op: 'at-most', value: 10 },
        ],
      }),
    ],
    sentence: /can never apply/,
  },
  'a slip in a model’s name': {
    code: 'unknown-model',
    level: 'error',
    wrong: [rule('slip', to('claude-opus-4-7', 'glm-5'))],
    right: [rule('fine', to('claude-opus-4.6', 'glm-5'))],
    sentence: /"claude-opus-4-7", which no provider offers\. Did you mean "claude-opus-4-6"\?/,
  },
  'a local model that is not there yet': {
    code: 'unknown-model',
    level: 'warning',
    wrong: [rule('local', to('ollama/llama3.3', 'glm-5'))],
    right: [rule('local', to('ollama/llama3.2', 'glm-5'))],
    sentence: /which no provider offers/,
  },
  'a tier that is not there': {
    code: 'unknown-tier',
    level: 'error',
    wrong: [rule('r', { then: { tier: 'chaep' } })],
    right: [rule('r', { then: { tier: 'cheap' } })],
    sentence: /Did you mean "cheap"\?/,
  },
  'a tier without models': {
    code: 'empty-tier',
    level: 'error',
    wrong: [rule('r', { then: { tier: 'none' } })],
    right: [rule('r', { then: { tier: 'none' } })],
    wrongWorld: { tiers: [tier('none')] },
    rightWorld: { tiers: [tier('none', 'gpt-5.4', 'glm-5')] },
    sentence: /names no model/,
  },
  'an agent that is not there': {
    code: 'unknown-agent',
    level: 'error',
    wrong: [rule('r', { when: [{ field: 'agent', op: 'is', value: 'codr' }] })],
    right: [rule('r', { when: [{ field: 'agent', op: 'is', value: 'coder' }] })],
    sentence: /the agent "codr", which is not there\. Did you mean "coder"\?/,
  },
  'tiers that lead to each other': {
    code: 'cycle',
    level: 'error',
    wrong: [rule('r', { then: { tier: 'a' } })],
    right: [rule('r', { then: { tier: 'a' } })],
    wrongWorld: { tiers: [tier('a', 'gpt-5.4', 'tier/b'), tier('b', 'tier/a')] },
    rightWorld: { tiers: [tier('a', 'gpt-5.4', 'tier/b'), tier('b', 'glm-5')] },
    sentence: /tier\/a → tier\/b → tier\/a/,
  },
  'a model that does not see in a rule for images': {
    code: 'lacks-capability',
    level: 'warning',
    wrong: [
      rule('r', {
        when: [{ field: 'needs', op: 'contains', value: 'vision' }],
        ...to('glm-5', 'gpt-5.4'),
      }),
    ],
    right: [
      rule('r', {
        when: [{ field: 'needs', op: 'contains', value: 'vision' }],
        ...to('gpt-5.4', 'claude-opus-4-6'),
      }),
    ],
    sentence: /is about vision, which GLM-5 can't do/,
  },
  'no model that sees in a rule for images': {
    code: 'lacks-capability',
    level: 'error',
    wrong: [
      rule('r', {
        when: [{ field: 'needs', op: 'contains', value: 'vision' }],
        ...to('glm-5', 'llama3.2'),
      }),
    ],
    right: [
      rule('r', {
        when: [{ not: { field: 'needs', op: 'contains', value: 'vision' } }],
        ...to('glm-5', 'llama3.2'),
      }),
    ],
    sentence: /nor can any other model/,
  },
  'a model that is too small for the prompts of a rule': {
    code: 'lacks-capability',
    level: 'warning',
    wrong: [
      rule('r', {
        when: [{ field: 'promptTokens', op: 'at-least', value: 190_000 }],
        ...to('gpt-5.4', 'glm-5'),
      }),
    ],
    right: [
      rule('r', {
        when: [{ field: 'promptTokens', op: 'at-least', value: 100_000 }],
        ...to('gpt-5.4', 'glm-5'),
      }),
    ],
    wrongWorld: {
      cards: [
        ...exampleCards.filter(({ model }) => model !== 'glm-5'),
        exampleCard('zai', 'glm-5', { contextTokens: 1_000_000 }),
      ],
    },
    sentence: /prompts of 190000 tokens, which GPT-5\.4 can't do/,
  },
  'a rule that hangs on one vendor': {
    code: 'one-vendor',
    level: 'warning',
    wrong: [rule('r', to('claude-opus-4-6', 'claude-sonnet-4-6'))],
    right: [rule('r', to('claude-opus-4-6', 'gpt-5.4'))],
    sentence: /When anthropic is down "r" has no way out/,
  },
  'patterns that take long together': {
    code: 'costly-patterns',
    level: 'error',
    wrong: Array.from({ length: 6 }, (_, index) =>
      rule(`r${index}`, {
        priority: index,
        when: [{ field: 'text', op: 'matches', value: `[ab]{100}${index}` }],
      }),
    ),
    right: [rule('r', { when: [{ field: 'text', op: 'matches', value: '[ab]{100}1' }] })],
    sentence: /steps per letter/,
  },
};

for (const [what, one] of Object.entries(cases)) {
  const found = (rules: readonly RoutingRule[], world?: World) =>
    lint(rules, world).filter(({ code }) => code === one.code);
  test(`${what} is found`, () => {
    const [finding] = found(one.wrong, one.wrongWorld);
    assert.equal(finding?.level, one.level);
    assert.match(finding?.sentence ?? '', one.sentence);
  });
  test(`${what}: a rule without that fault is let alone`, () => {
    assert.deepEqual(found(one.right, one.rightWorld), []);
  });
}

test('rules and tiers made to take for ever are judged all the same', () => {
  const words = (index: number) =>
    Array.from({ length: 4 }, (_, at) => ({
      field: 'user',
      op: 'is-not',
      value: `u${index}-${at}`,
    }));
  const heavy = Array.from({ length: 60 }, (_, index) =>
    rule(`heavy-${index}`, {
      priority: index,
      when: [0, 1, 2, 3].map((at) => ({ any: words(index * 4 + at) })),
    }),
  );
  const ladder = Array.from({ length: 30 }, (_, index) =>
    tier(`t${index}`, ...Array<string>(20).fill(`tier/t${index + 1}`)),
  );
  const findings = lint([...heavy, rule('r', { then: { tier: 't0' } })], {
    tiers: [...ladder, tier('t30', 'gpt-5.4')],
  });
  assert.deepEqual(
    findings.filter(({ level }) => level === 'error'),
    [],
  );
});

test('the rules and tiers that come with Mosaic give no error', () => {
  const errors = lint(defaultRules).filter(({ level }) => level === 'error');
  assert.deepEqual(errors, []);
});

test('one’s own rule before all of the system’s is not told as a fault', () => {
  const own = rule('own', { priority: 0 });
  const shadowed = lint([own, ...defaultRules]).filter(({ code }) => code === 'shadowed');
  assert.deepEqual(shadowed, []);
});

test('without the list of models nothing is said about models', () => {
  assert.deepEqual(lint([rule('r', to('no-such-model'))], { cards: [] }), []);
});

/** Whether facts lie in a domain, by asking a condition that means one value. */
function lies(field: keyof RuleFacts, domain: Domain, facts: RuleFacts): boolean {
  const actual = facts[field];
  if (actual === null) return false;
  switch (domain.kind) {
    case 'words':
      return domain.words.has(String(actual)) !== domain.isInverse;
    case 'numbers':
      return Number(actual) >= domain.min && Number(actual) <= domain.max;
    case 'set': {
      const have = Array.isArray(actual) ? actual : [];
      return (
        [...domain.has].every((one) => have.includes(one)) &&
        ![...domain.lacks].some((one) => have.includes(one))
      );
    }
    case 'minutes': {
      const minute = Number(String(actual).slice(0, 2)) * 60 + Number(String(actual).slice(3));
      return ((domain.minutes >> BigInt(minute)) & 1n) === 1n;
    }
    case 'texts':
      return (
        judgeAll(domain.has, facts) === true &&
        domain.lacks.every((one) => judgeAll([one], facts) === false)
      );
    default:
      return domain satisfies never;
  }
}

test('the linter understands conditions as the router does', () => {
  fc.assert(
    fc.property(fc.array(anyTree, { maxLength: 3 }), anyFacts, (trees, facts) => {
      const ways = waysOf(trees);
      if (ways === undefined) return;
      const goes = ways.some((way) =>
        [...way].every(([field, domain]) => lies(field, domain, facts)),
      );
      assert.equal(goes, judgeAll(trees, facts) === true);
    }),
    { seed: 20_261_125, numRuns: 500 },
  );
});

test('a narrower domain lies within a wider one and not the other way round', () => {
  const at = (op: 'at-least' | 'at-most', value: number) =>
    domainOf({ field: 'promptTokens', op, value }, false);
  assert.ok(isWithin(at('at-least', 20), at('at-least', 10)));
  assert.ok(!isWithin(at('at-least', 10), at('at-least', 20)));
  const text = (value: string) => domainOf({ field: 'text', op: 'contains', value }, false);
  assert.ok(isWithin(text('two invoices'), text('Invoice')));
  assert.ok(!isWithin(text('invoice'), text('two invoices')));
});
