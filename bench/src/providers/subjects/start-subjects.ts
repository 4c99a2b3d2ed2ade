import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { listProviders, streamCompletion } from '@mosaic/proto';
import { launchMosaic, waitFor } from '@mosaic/test-kit';
import { startRealBus } from '@mosaic/test-kit/bus';
import { processTree, type Watched } from '../processes.ts';
import { askHttp, type HttpTarget } from './ask-http.ts';
import { endProcess, type VendorProcess } from './start-vendor.ts';
import { type Answer, model, question, type Subject } from './subject.ts';
import { chatWire, responsesWire } from './wires.ts';

/** This checkout, or another one to compare it with, such as that of the last release. */
const here = fileURLToPath(new URL('../../../..', import.meta.url));
const nameIn = (checkout: string) => (checkout === here ? 'Mosaic' : 'Mosaic before');

export const directChat = 'direct, chat completions';
export const directResponses = 'direct, responses';

/** The vendor itself, in both of its wire formats. */
export function directSubjects(vendor: VendorProcess): Subject[] {
  const headers = { authorization: 'Bearer sk-test-key' };
  const direct = (name: string, target: Omit<HttpTarget, 'headers'>): Subject => ({
    name,
    over: null,
    processes: [],
    hasUnary: true,
    ask: (isStreamed) => askHttp({ ...target, headers }, isStreamed),
    async [Symbol.asyncDispose]() {},
  });
  return [
    direct(directChat, { url: `${vendor.url}/chat/completions`, wire: chatWire() }),
    direct(directResponses, { url: `${vendor.url}/responses`, wire: responsesWire }),
  ];
}

/** A whole Mosaic behind its own door: gateway, bus, router, providers, and the ledger kept. */
export async function startWholeMosaic(
  vendor: VendorProcess,
  checkout: string = here,
): Promise<Subject> {
  const launch = checkout === here ? launchMosaic : await launcherOf(checkout);
  const mosaic = await launch({ env: vendor.environment, timeoutMs: 240_000 });
  const target = {
    url: `${mosaic.url}/v1/chat/completions`,
    headers: { authorization: `Bearer ${mosaic.ownerToken}` },
    wire: chatWire(`openai/${model}`),
  };
  return {
    name: `${nameIn(checkout)}, whole chain`,
    over: directResponses,
    processes: processTree(mosaic.pid, 'services'),
    hasUnary: true,
    ask: (isStreamed) => askHttp(target, isStreamed),
    [Symbol.asyncDispose]: () => mosaic.stop(),
  };
}

async function launcherOf(checkout: string): Promise<typeof launchMosaic> {
  const kit = await import(pathToFileURL(join(checkout, 'packages/test-kit/src/index.ts')).href);
  return kit.launchMosaic;
}

/** The providers service alone in its process, asked over a real bus. */
export async function startProvidersAlone(
  vendor: VendorProcess,
  checkout: string = here,
): Promise<Subject> {
  const providersProgram = join(checkout, 'services/providers/src/main.ts');
  const others = natsServers();
  const bus = await startRealBus();
  const nats = natsServers().filter(({ pid }) => !others.some((other) => other.pid === pid));
  const env = {
    PATH: process.env['PATH'],
    ...vendor.environment,
    ...(await bus.environment('providers')),
  };
  const child = spawn(process.execPath, [providersProgram], { env, stdio: 'ignore' });
  const asker = await bus.connect('gateway');
  await waitFor(() => asker.call(listProviders, {}), { timeoutMs: 60_000, everyMs: 100 });
  const caller = bus.person('bench');
  const request = {
    candidates: [{ provider: 'openai' as const, model }],
    system: null,
    turns: [{ role: 'user' as const, content: [{ type: 'text' as const, text: question }] }],
    purpose: 'door' as const,
  };
  return {
    name: `${nameIn(checkout)}, providers over the bus`,
    over: directResponses,
    processes: [...processTree(child.pid ?? 0, 'providers'), ...nats],
    hasUnary: false,
    async ask(): Promise<Answer> {
      const startedAt = performance.now();
      let firstByteMs: number | undefined;
      let text = '';
      for await (const part of asker.stream(streamCompletion, request, { caller })) {
        firstByteMs ??= performance.now() - startedAt;
        if (part.type === 'text') text += part.text;
        if (part.type === 'error') throw new Error(part.failure.message);
      }
      const totalMs = performance.now() - startedAt;
      return { text, firstByteMs: firstByteMs ?? totalMs, totalMs };
    },
    async [Symbol.asyncDispose]() {
      await endProcess(child);
      await bus.stop();
    },
  };
}

function natsServers(): Watched[] {
  return processTree(process.pid, '').filter(({ name }) => name === 'nats-server');
}
