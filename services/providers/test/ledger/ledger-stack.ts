import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { startPglite } from '@mosaic/embedded-servers';
import {
  addUsage,
  type CompletionPart,
  type ModelRef,
  noUsage,
  type RequestOf,
  reportUsage,
  streamCompletion,
  type UsageQuery,
} from '@mosaic/proto';
import { type RunningService, type SignedCaller, startService } from '@mosaic/service-kit';
import { startVendors, temporaryDirectory, waitFor } from '@mosaic/test-kit';
import { startRealBus } from '@mosaic/test-kit/bus';
import { providersService } from '../../src/index.ts';

export const haiku = { provider: 'anthropic', model: 'claude-haiku-4-5' } as const;
export const gpt = { provider: 'openai', model: 'gpt-5.4' } as const;

export interface Question {
  readonly caller: SignedCaller;
  readonly candidates: readonly ModelRef[];
  readonly agent?: string;
  readonly signal?: AbortSignal;
  readonly onPart?: (part: CompletionPart) => void;
  /** The rest of the request. */
  readonly more?: Partial<RequestOf<typeof streamCompletion>>;
}

const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts');
const today = () => new Date().toISOString().slice(0, 10);

/** A real bus, a real database, look-alike vendors, and the service between them. */
export async function startLedgerStack() {
  const vendors = await startVendors({ paceMs: 1 });
  const bus = await startRealBus();
  const directory = await temporaryDirectory();
  const startDatabase = (port: number) =>
    startPglite({ dataDir: join(directory.path, 'db'), dumps: false, port });
  let database = await startDatabase(0);
  const databaseUrl = database.url;
  // The usual five seconds are for people; a busy machine may need longer for the database.
  const timings = { requestMs: 60_000 };
  const [agents, gateway] = await Promise.all([
    bus.connect('agents', { timings }),
    bus.connect('gateway', { timings }),
  ]);
  const env = {
    ...vendors.environment(),
    ...(await bus.environment('providers')),
    DATABASE_URL: databaseUrl,
    MOSAIC_LOG_LEVEL: 'silent',
    MOSAIC_HEALTH_PORT: '0',
  };
  const services: RunningService[] = [];
  const workers: ChildProcess[] = [];

  async function ask(question: Question): Promise<CompletionPart> {
    const { agent, candidates, caller, more = {}, onPart, signal } = question;
    const request = {
      candidates: [...candidates],
      system: null,
      turns: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello.' }] }],
      conversationId: 'talk',
      ...(agent === undefined ? {} : { agent }),
      ...more,
    };
    const options = { caller, ...(signal === undefined ? {} : { signal }) };
    let last: CompletionPart | undefined;
    for await (const part of agents.stream(streamCompletion, request, options)) {
      onPart?.(part);
      last = part;
    }
    if (last === undefined) throw new Error('no part came');
    return last;
  }

  // Midnight may come in between.
  const from = today();
  const report = (caller: SignedCaller, by: UsageQuery['by'] = 'model') =>
    gateway.call(reportUsage, { from, to: today(), by }, { caller });

  return {
    vendors,
    bus,
    databaseUrl,
    ask,
    report,
    /** The report as soon as so many calls have a row with an end. */
    reportOf(caller: SignedCaller, calls: number, by?: UsageQuery['by']) {
      return waitFor(
        async () => {
          const found = await report(caller, by);
          const ended = found.totals.reduce((sum, one) => sum + one.calls - one.openCalls, 0);
          return ended >= calls ? found : undefined;
        },
        { timeoutMs: 60_000, what: `${calls} calls in the ledger` },
      );
    },
    async startProviders(changes: Record<string, string> = {}) {
      const service = await startService(providersService, { ...env, ...changes });
      services.push(service);
      return service;
    },
    /** The service as a process that can be killed; resolves when it answers. */
    async spawnProviders(changes: Record<string, string> = {}) {
      const { PATH } = process.env;
      const child = spawn(process.execPath, [main], {
        env: { PATH, ...env, MOSAIC_LOG_LEVEL: 'info', ...changes },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      workers.push(child);
      let output = '';
      child.stdout.on('data', (chunk) => (output += String(chunk)));
      await waitFor(() => output.includes('"started"'), { timeoutMs: 60_000, what: 'the worker' });
      return {
        async kill() {
          child.kill('SIGKILL');
          if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
        },
      };
    },
    stopDatabase: () => database.stop(),
    async startDatabase() {
      database = await startDatabase(Number(new URL(databaseUrl).port));
    },
    async stop() {
      for (const child of workers) child.kill('SIGKILL');
      await Promise.all(services.map((one) => one.stop()));
      await database.stop();
      await bus.stop();
      await vendors.stop();
      await directory.remove();
    },
  };
}

/** Usage and cost of last parts, as somebody who only reads the streams adds them up. */
export function sumOfParts(parts: readonly CompletionPart[]) {
  let usage = noUsage;
  let costUsd = 0;
  for (const part of parts) {
    if (part.type !== 'end' && part.type !== 'error')
      throw new Error(`not a last part: ${part.type}`);
    if (part.usage !== null) usage = addUsage(usage, part.usage);
    costUsd += part.cost.usd ?? 0;
  }
  const { isEstimated: _, ...tokens } = usage;
  return { tokens, costUsd };
}
