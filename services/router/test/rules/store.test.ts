import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startPglite } from '@mosaic/embedded-servers';
import { type Database, openDatabase } from '@mosaic/service-kit';
import { type TemporaryDirectory, temporaryDirectory } from '@mosaic/test-kit';
import { defaultRules, defaultTiers } from '../../src/app/default-rules.ts';
import { assertReadable } from '../../src/app/saving/check-rule.ts';
import { openRuleStore, type RuleStore } from '../../src/stores/rule-store.ts';
import type { RouterTables } from '../../src/stores/tables.ts';

let directory: TemporaryDirectory;
let database: Awaited<ReturnType<typeof startPglite>>;
let db: Database<RouterTables>;
let store: RuleStore;
before(async () => {
  directory = await temporaryDirectory();
  database = await startPglite({ dataDir: join(directory.path, 'db'), dumps: false, port: 0 });
  db = openDatabase<RouterTables>({
    url: database.url,
    schema: 'router',
    role: 'router_app',
    migrationsDir: join(import.meta.dirname, '..', '..', 'migrations'),
  });
  await db.migrate();
  store = openRuleStore(db);
});
after(async () => {
  await db.close();
  await database.stop();
  await directory.remove();
});

const mine = assertReadable({ name: 'mine', then: { model: 'gpt-5.4' } });
const mia = { userId: 'mia', role: 'member' } as const;
const bob = { userId: 'bob', role: 'member' } as const;
const root = { userId: 'root', role: 'admin' } as const;

test('defaults are given once, by replicas that start together too, and newer ones are added', async () => {
  const defaults = { rules: defaultRules, tiers: defaultTiers };
  await Promise.all([store.giveDefaults(defaults), store.giveDefaults(defaults)]);
  const first = await store.readSystem();
  assert.equal(first.rules.length, defaultRules.length);
  assert.equal(first.tiers.length, defaultTiers.length);
  const summary = first.rules.find(({ name }) => name === 'summary');
  assert.ok(summary);
  await store.updateRule(root, {
    id: summary.id,
    version: 1,
    change: (rule) => ({ ...rule, priority: 1 }),
  });
  const added = { ...mine, scope: 'system', name: 'newer' } as const;
  const changed = defaultRules.map((rule) => ({ ...rule, priority: 9 }));
  await store.giveDefaults({ rules: [...changed, added], tiers: defaultTiers });
  const { rules } = await store.readSystem();
  assert.equal(rules.length, first.rules.length + 1);
  assert.equal(rules.find(({ name }) => name === 'summary')?.priority, 1);
  assert.ok(rules.every(({ priority }) => priority !== 9));
});

test('the database itself keeps one person out of another’s rows, whatever a statement says', async () => {
  const { id } = await store.createRule(mia, mine);
  const seen = await db.asUser(bob, (tx) =>
    tx.selectFrom('rule').select('id').where('id', '=', id).execute(),
  );
  assert.deepEqual(seen, []);
  const history = await db.asUser(bob, (tx) =>
    tx.selectFrom('rule_change').select('id').where('subject', '=', id).execute(),
  );
  assert.deepEqual(history, []);
  const [changed] = await db.asUser(bob, (tx) =>
    tx.updateTable('rule').set({ priority: 1 }).where('id', '=', id).execute(),
  );
  assert.equal(changed?.numUpdatedRows, 0n);
  const [removed] = await db.asUser(bob, (tx) =>
    tx.deleteFrom('rule').where('scope', '=', 'system').execute(),
  );
  assert.equal(removed?.numDeletedRows, 0n);
  await assert.rejects(
    db.asUser(bob, (tx) =>
      tx
        .insertInto('rule')
        .values({
          ...{ id: 'x', scope: 'user', user_id: 'mia', name: 'forged', description: '' },
          ...{ priority: 1, enabled: true, conditions: '[]', target: '{}', updated_by: 'bob' },
        })
        .execute(),
    ),
    /row-level security/,
  );
});

test('the history is added to and never changed', async () => {
  const { id } = await store.createRule(mia, { ...mine, name: 'kept' });
  const [changed] = await db.asUser(mia, (tx) =>
    tx.updateTable('rule_change').set({ by: 'nobody' }).where('subject', '=', id).execute(),
  );
  const [removed] = await db.asUser(mia, (tx) =>
    tx.deleteFrom('rule_change').where('subject', '=', id).execute(),
  );
  assert.deepEqual([changed?.numUpdatedRows, removed?.numDeletedRows], [0n, 0n]);
  assert.equal((await store.readHistory('mia', id)).length, 1);
});

test('saves that come together each get a number of their own, and none is lost', async () => {
  const before = await store.readRevision();
  const names = Array.from({ length: 12 }, (_, index) => `r${index}`);
  await Promise.all(names.map((name) => store.createRule({ ...bob }, { ...mine, name })));
  assert.equal(await store.readRevision(), before + 12);
  assert.deepEqual(await store.changedSince(before), [{ owner: 'bob', revision: before + 12 }]);
  assert.equal((await store.readOwn('bob')).rules.length, 12);
});

test('nobody keeps more than a hundred rules', async () => {
  const kim = { userId: 'kim', role: 'member' } as const;
  for (let index = 0; index < 100; index += 1) {
    await store.createRule(kim, { ...mine, name: `r${index}` });
  }
  await assert.rejects(store.createRule(kim, { ...mine, name: 'more' }), { code: 'conflict' });
});
