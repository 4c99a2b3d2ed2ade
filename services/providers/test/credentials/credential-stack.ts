import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startPglite } from '@mosaic/embedded-servers';
import {
  type CompletionPart,
  listCredentials,
  listOwnModels,
  listProviders,
  type ModelRef,
  type RequestOf,
  removeCredentials,
  saveCredentials,
  streamCompletion,
  testCredentials,
} from '@mosaic/proto';
import {
  createLogger,
  openDatabase,
  type RunningService,
  type SignedCaller,
  startService,
} from '@mosaic/service-kit';
import { startVendors, temporaryDirectory } from '@mosaic/test-kit';
import { startRealBus } from '@mosaic/test-kit/bus';
import { providersService } from '../../src/index.ts';
import { openCredentialStore } from '../../src/stores/credential-store.ts';
import { providersSchema } from '../../src/stores/providers-database.ts';
import type { ProvidersTables } from '../../src/stores/tables.ts';

export const newMasterKey = () => randomBytes(32).toString('base64');

/** A real bus, a real database, look-alike vendors, and as many replicas of the service as wanted. */
export async function startCredentialStack() {
  const vendors = await startVendors({ paceMs: 0 });
  const bus = await startRealBus();
  const directory = await temporaryDirectory();
  const databaseDir = join(directory.path, 'db');
  const startDatabase = (port: number) => startPglite({ dataDir: databaseDir, dumps: false, port });
  let database = await startDatabase(0);
  const { url } = database;
  // The usual five seconds are for people; a busy machine may need longer for the database.
  const timings = { requestMs: 60_000 };
  const [agents, gateway] = await Promise.all([
    bus.connect('agents', { timings }),
    bus.connect('gateway', { timings }),
  ]);
  const services: RunningService[] = [];
  const lines: string[] = [];
  // OpenAI alone has a key of the installation.
  const {
    ANTHROPIC_API_KEY: _a,
    OPENROUTER_API_KEY: _r,
    ZAI_API_KEY: _z,
    ...known
  } = vendors.environment();
  const env = {
    ...known,
    ...(await bus.environment('providers')),
    DATABASE_URL: url,
    MOSAIC_HEALTH_PORT: '0',
  };

  async function ask(caller: SignedCaller, model: ModelRef): Promise<CompletionPart | undefined> {
    const question = { role: 'user' as const, content: [{ type: 'text' as const, text: 'Hi.' }] };
    const request = { candidates: [model], system: null, turns: [question] };
    let last: CompletionPart | undefined;
    for await (const part of agents.stream(streamCompletion, request, { caller })) last = part;
    return last;
  }

  type Wish = Partial<RequestOf<typeof saveCredentials>>;

  return {
    vendors,
    bus,
    gateway,
    /** Everything that the services logged, at the most talkative level. */
    log: () => lines.join('\n'),
    async startProviders(changes: Record<string, string> = {}) {
      const log = createLogger('trace', { write: (line: string) => void lines.push(line) });
      const service = await startService(providersService, { ...env, ...changes }, { log });
      services.push(service);
      return {
        async stop() {
          services.splice(services.indexOf(service), 1);
          await service.stop();
        },
      };
    },
    /** Asks and tells the key that the vendor saw: its last four characters. */
    async keySeenFor(caller: SignedCaller, model: ModelRef) {
      vendors.clearJournal();
      const last = await ask(caller, model);
      const { headers } = vendors.journal.find((one) => one.model === model.model) ?? {};
      const seen = headers?.['x-api-key'] ?? headers?.['authorization'];
      return { last, seen: seen?.slice(-4) ?? null };
    },
    save: (caller: SignedCaller, wish: Wish) =>
      gateway.call(
        saveCredentials,
        { provider: 'anthropic', keys: [], baseUrl: null, skipTest: false, ...wish },
        { caller, timeoutMs: 60_000 },
      ),
    remove: (caller: SignedCaller, provider: ModelRef['provider']) =>
      gateway.call(removeCredentials, { provider }, { caller }),
    test: (caller: SignedCaller, provider: ModelRef['provider']) =>
      gateway.call(testCredentials, { provider }, { caller }),
    list: (caller: SignedCaller) => gateway.call(listCredentials, {}, { caller }),
    ownModels: async (caller: SignedCaller) =>
      (await gateway.call(listOwnModels, {}, { caller })).models,
    providers: async (caller: SignedCaller) =>
      (await gateway.call(listProviders, {}, { caller })).providers,
    /** The tables as the service sees them. */
    openStore() {
      const db = openDatabase<ProvidersTables>({ ...providersSchema, url });
      return { db, store: openCredentialStore(db), close: () => db.close() };
    },
    stopDatabase: () => database.stop(),
    async startDatabase() {
      database = await startDatabase(Number(new URL(url).port));
    },
    /** Files of the database and of the bus that hold these bytes. */
    async filesWith(bytes: string) {
      const found: string[] = [];
      for (const folder of [databaseDir, bus.dataDir]) {
        for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
          const path = join(entry.parentPath, entry.name);
          if (entry.isFile() && (await readFile(path)).includes(bytes)) found.push(path);
        }
      }
      return found;
    },
    async stop() {
      await Promise.all(services.map((one) => one.stop()));
      await database.stop();
      await bus.stop();
      await vendors.stop();
      await directory.remove();
    },
  };
}
