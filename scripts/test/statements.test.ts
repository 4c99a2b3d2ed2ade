import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSourceFiles } from '../rules/source-files.ts';
import { findStatementsOutside } from '../rules/statement-rules.ts';

const find = (path: string, text: string) => findStatementsOutside([{ path, text }]);

test('no statement of what ships runs outside of asUser or asService', () => {
  const files = readSourceFiles(`${import.meta.dirname}/../..`);
  assert.ok(files.length > 300);
  assert.deepEqual(findStatementsOutside(files), []);
});

test('each way around is found where it is, and tests may go it', () => {
  const ways = [
    'const rows = await pool.query("select 1");',
    'const db = new Kysely<Tables>({ dialect });',
    'const own = new pg.Client({ connectionString });',
    'const all = await db.guarded.selectFrom("memory").execute();',
    "await sql`select set_config('role', 'postgres', true)`.execute(tx);",
    "await sql`select set_config('app.user_id', 'bob', true)`.execute(tx);",
    'await sql`set role postgres`.execute(tx);',
  ];
  for (const way of ways) {
    const text = `// fine\n${way}\n`;
    const [finding] = find('services/memory/src/stores/search.ts', text);
    assert.match(finding?.message ?? '', /^line 2 /, way);
    assert.deepEqual(find('services/memory/test/search.test.ts', text), []);
  }
  assert.deepEqual(find('services/memory/src/stores/a.ts', '// new pg.Client() is forbidden'), []);
});
