import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainPassage } from '../src/index.ts';

const cases: readonly (readonly [string, string])[] = [
  [
    '> **Simulated answer** of `claude-haiku-4-5`: ask *"what?"*',
    'Simulated answer of claude-haiku-4-5: ask "what?"',
  ],
  ['## A heading\n\n- [x] done\n- ~~gone~~', 'A heading\n\ndone\ngone'],
  ['| name | cost |\n| --- | ---: |\n| a | 2 |', 'name · cost\na · 2'],
  ['```ts\nconst a = 2 * 3 * b;\n```', 'const a = 2 * 3 * b;'],
  ['see [the «page»](https://example.org/a_(b)) and ![a cat](cat.png)', 'see the «page» and a cat'],
  ['**«green»** bicycles, __really__, ***all***', '«green» bicycles, really, all'],
  [
    '#12 in C# with snake_case_names, 5 > 3, 2 * 3 and a_b',
    '#12 in C# with snake_case_names, 5 > 3, 2 * 3 and a_b',
  ],
  ['日本語の**強調**です', '日本語の強調です'],
  ['---', ''],
];

for (const [markdown, words] of cases) {
  test(`“${markdown.replaceAll('\n', '⏎')}” reads as its words`, () => {
    assert.equal(plainPassage(markdown), words);
  });
}
