import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startPglite } from '@mosaic/embedded-servers';
import { type CatalogueChange, listModels, refreshCatalogue, reportUsage } from '@mosaic/proto';
import { type Bus, createLogger, openDatabase, startService } from '@mosaic/service-kit';
import { startVendors, temporaryDirectory, waitFor } from '@mosaic/test-kit';
import { type RealBus, startRealBus } from '@mosaic/test-kit/bus';
import { providersService } from '../../src/index.ts';
import { providersSchema } from '../../src/stores/providers-database.ts';
import type { ProvidersTables } from '../../src/stores/tables.ts';
import { type ReplayServer, startReplayServer } from '../replay-server.ts';

const patience = { timeoutMs: 60_000 };

let vendors: Awaited<ReturnType<typeof startVendors>>;
let openRouter: ReplayServer;
let bus: RealBus;
let jobs: Bus;
let router: Bus;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let database: Awaited<ReturnType<typeof startPglite>>;
const logged: string[] = [];
const running: { stop(): Promise<void> }[] = [];

const startDatabase = (port: number) =>
  startPglite({ dataDir: join(directory.path, 'db'), dumps: false, port });

before(async () => {
  vendors = await startVendors({ paceMs: 1 });
  openRouter = await startReplayServer('text/event-stream');
  // The list is public; the vendor says of the key itself whether it is taken.
  openRouter.answer('/key', '{"data":{}}');
  bus = await startRealBus();
  directory = await temporaryDirectory();
  database = await startDatabase(0);
  // The usual five seconds are for people; a busy machine may need longer for the database.
  const timings = { requestMs: 60_000 };
  [jobs, router] = await Promise.all([
    bus.connect('jobs', { timings }),
    bus.connect('router', { timings }),
  ]);
});
after(async () => {
  await Promise.all(running.map((one) => one.stop()));
  await database.stop();
  await bus.stop();
  await openRouter.stop();
  await vendors.stop();
  await directory.remove();
});

async function startReplica(changes: Record<string, string> = {}) {
  const env = {
    ...vendors.environment(),
    ...(await bus.environment('providers')),
    OPENROUTER_BASE_URL: openRouter.url,
    DATABASE_URL: database.url,
    MOSAIC_HEALTH_PORT: '0',
    // Only OpenRouter's list changes here; comparing the look-alikes is refused as it is in a demo.
    MOSAIC_SIMULATED_PROVIDERS: 'anthropic,openai,ollama',
    ZAI_API_KEY: '',
    ...changes,
  };
  const log = createLogger('warn', { write: (line: string) => void logged.push(line) });
  const service = await startService(providersService, env, { log });
  running.push(service);
  return {
    async stop() {
      running.splice(running.indexOf(service), 1);
      await service.stop();
    },
  };
}

const offer = (models: Record<string, string>) =>
  openRouter.answer(
    '/models',
    JSON.stringify({
      data: Object.entries(models).map(([id, prompt]) => ({
        id,
        context_length: 1_000,
        pricing: { prompt, completion: '0.00001' },
      })),
    }),
  );
const refresh = () => jobs.call(refreshCatalogue, {});
const brief = (changes: readonly CatalogueChange[]) =>
  changes.map(({ model, kind }) => `${kind} ${model}`);
const why = (report: Awaited<ReturnType<typeof refresh>>, provider: string) =>
  report.notCompared.find((one) => one.provider === provider)?.why ?? '';

test('the difference is that to the last look of whichever replica, and the models carry it', async () => {
  offer({ 'z-ai/glm-5': '0.000001', 'somebody/old': '0.000001' });
  const first = await startReplica();
  const start = await refresh();
  assert.deepEqual(start.changes, []);
  assert.match(why(start, 'openrouter'), /first look/);
  assert.match(why(start, 'anthropic'), /look-alike/);
  assert.match(why(start, 'zai'), /ZAI_API_KEY/);
  assert.equal((await router.call(listModels, {})).news, undefined);
  await first.stop();

  offer({ 'z-ai/glm-5': '0.000002', 'somebody/new': '0.000001' });
  const second = await startReplica();
  const report = await refresh();
  assert.deepEqual(report.compared, ['openrouter']);
  assert.deepEqual(brief(report.changes), [
    'price z-ai/glm-5',
    'went somebody/old',
    'came somebody/new',
  ]);
  assert.match(report.changes[0]?.text ?? '', /\$1 in.*now \$2 in/);
  assert.deepEqual(
    report.changes.map((one) => one.isRelied),
    [true, false, false],
  );
  const warnings = logged.map((line) => JSON.parse(line)).filter(({ change }) => change);
  assert.equal(warnings.length, 1);
  assert.equal(warnings[0].level, 'warn');
  assert.match(warnings[0].change, /openrouter\/z-ai\/glm-5 changed its price/);
  assert.deepEqual((await router.call(listModels, {})).news?.changes, report.changes);

  // Nothing changed since: that is no news, and the last ones stay to be seen.
  assert.deepEqual((await refresh()).changes, []);
  assert.deepEqual((await router.call(listModels, {})).news?.changes, report.changes);
  await second.stop();
  await startReplica();
  const { news } = await waitFor(async () => {
    const reply = await router.call(listModels, {});
    return reply.news && reply;
  }, patience);
  assert.deepEqual(news?.changes, report.changes);
});

test('a list that could not be read says why, and its models are not gone', async () => {
  openRouter.answer('/models', 'nonsense');
  const failed = await refresh();
  assert.deepEqual(failed.changes, []);
  assert.deepEqual(failed.compared, []);
  assert.ok(why(failed, 'openrouter').length > 0);
  offer({ 'z-ai/glm-5': '0.000002', 'somebody/new': '0.000001' });
  const again = await refresh();
  assert.deepEqual([again.compared, again.changes], [['openrouter'], []]);
});

test('two looks at once tell a change once', async () => {
  const other = await startReplica();
  offer({ 'z-ai/glm-5': '0.000002', 'somebody/newest': '0.000001' });
  const reports = await Promise.all([refresh(), refresh(), refresh(), refresh()]);
  const told = reports.flatMap((report) => brief(report.changes));
  assert.deepEqual(told.toSorted(), ['came somebody/newest', 'went somebody/new']);
  await other.stop();
});

test('without PostgreSQL the lists are fresh, and the report says that nothing was compared', async () => {
  await database.stop();
  offer({ 'z-ai/glm-5': '0.000003', 'somebody/late': '0.000001' });
  const report = await refresh();
  assert.deepEqual([report.changes, report.compared], [[], []]);
  assert.match(why(report, 'openrouter'), /seen last can't be read/);
  const { models } = await router.call(listModels, {});
  const price = (model: string) => models.find((one) => one.model === model)?.price?.input;
  assert.deepEqual([price('z-ai/glm-5'), price('somebody/late')], [3, 1]);
  database = await startDatabase(Number(new URL(database.url).port));
  const back = await waitFor(async () => {
    const again = await refresh();
    return again.compared.length > 0 && again;
  }, patience);
  // What changed while it was away is told by the first look that can compare.
  assert.deepEqual(brief(back.changes), [
    'price z-ai/glm-5',
    'went somebody/newest',
    'came somebody/late',
  ]);
});

test('the operator’s file reaches the models, and what nobody prices has a note', async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
  const models = [
    {
      provider: 'openrouter',
      model: 'z-ai/glm-5',
      price: { input: 9, output: 9, asOf: '2026-11-25' },
    },
    { provider: 'zai', model: 'glm-own', contextTokens: 5_000 },
  ];
  await startReplica({ MOSAIC_MODEL_CARDS: JSON.stringify({ models }) });
  await refresh();
  const found = (await router.call(listModels, {})).models;
  const find = (model: string) => found.find((one) => one.model === model);
  assert.equal(find('z-ai/glm-5')?.price?.input, 9);
  assert.equal(find('glm-own')?.contextTokens, 5_000);
  assert.equal(find('glm-own')?.priceNote, 'price unknown');
  assert.equal(find('claude-haiku-4-5')?.price?.cacheWrite1h, 2);
});

test('what another version wrote is no look before, and no news', async () => {
  const db = openDatabase<ProvidersTables>({ ...providersSchema, url: database.url });
  const strange = JSON.stringify([{ model: 'x', price: { in: 1 } }]);
  await db.asService((tx) => tx.updateTable('catalogue_seen').set({ models: strange }).execute());
  await db.asService((tx) => tx.updateTable('catalogue_news').set({ news: '{}' }).execute());
  await db.close();
  const report = await refresh();
  assert.deepEqual([report.compared, report.changes], [[], []]);
  assert.match(why(report, 'openrouter'), /first look/);
  await Promise.all(running.splice(0).map((one) => one.stop()));
  await startReplica();
  assert.deepEqual((await refresh()).compared, ['openrouter']);
  const { models, news } = await router.call(listModels, {});
  assert.ok(models.length > 0);
  assert.equal(news, undefined);
});

test('people may not refresh', async () => {
  const gateway = await bus.connect('gateway');
  await assert.rejects(gateway.call(refreshCatalogue, {}, { caller: bus.person('mia') }));
  // The same connection may ask what is its own.
  const today = new Date().toISOString().slice(0, 10);
  const usage = { from: today, to: today, by: 'day' } as const;
  await gateway.call(reportUsage, usage, { caller: bus.person('mia') });
});
