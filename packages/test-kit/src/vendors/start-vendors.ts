import { once } from 'node:events';
import { createServer } from 'node:http';
import { anthropic } from './anthropic/dialect.ts';
import { ollama } from './ollama/dialect.ts';
import { openai } from './openai/dialect.ts';
import { openrouter } from './openrouter/dialect.ts';
import { Gate } from './server/gate.ts';
import { Journal, type JournalEntry } from './server/journal.ts';
import { type ScriptInput, ScriptQueue } from './server/script.ts';
import { serve } from './server/serve.ts';
import type { VendorName } from './wire/vendor-name.ts';
import { zai } from './zai/dialect.ts';

const dialects = [anthropic, openai, openrouter, zai, ollama] as const;
const HUMAN_PACE_MS = 15;
const KEPT_REQUESTS = 500;

export interface StartVendorsOptions {
  /** 0 (the default) takes any free port. */
  readonly port?: number;
  /** Pause before each piece of an answer; about 15 ms reads like typing. */
  readonly paceMs?: number;
  /** Requests the journal keeps; older ones are forgotten. */
  readonly journalLimit?: number;
}

export interface VendorServers {
  /** Base URLs, ready for ANTHROPIC_BASE_URL and its like. */
  readonly urls: Readonly<Record<VendorName, string>>;
  /** Where `/__journal` and `/__script` are. */
  readonly controlUrl: string;
  readonly journal: readonly JournalEntry[];
  clearJournal(): void;
  /** Sets what the next matching request gets. Throws when the script is not a valid one. */
  script(script: ScriptInput): void;
  clearScripts(): void;
  /** Lets answers go on that a script holds in their middle: those that have begun by now. */
  goOn(): void;
  /** Variables that point a Mosaic process at these servers. */
  environment(): Record<string, string>;
  stop(): Promise<void>;
}

function environmentFor(urls: VendorServers['urls']): Record<string, string> {
  return {
    ANTHROPIC_BASE_URL: urls.anthropic,
    ANTHROPIC_API_KEY: 'simulated-anthropic-key',
    OPENAI_BASE_URL: urls.openai,
    OPENAI_API_KEY: 'simulated-openai-key',
    OPENROUTER_BASE_URL: urls.openrouter,
    OPENROUTER_API_KEY: 'simulated-openrouter-key',
    ZAI_BASE_URL: urls.zai,
    ZAI_API_KEY: 'simulated-zai-key',
    OLLAMA_BASE_URL: urls.ollama,
  };
}

/**
 * Starts look-alikes of the five vendors on one loopback port: real HTTP, the vendors' own wire
 * formats, no model behind. They answer by themselves (demo mode) or by script (tests).
 */
export async function startVendors(options: StartVendorsOptions = {}): Promise<VendorServers> {
  const journal = new Journal(options.journalLimit ?? KEPT_REQUESTS);
  const scripts = new ScriptQueue();
  const gate = new Gate();
  const serving = { dialects, gate, journal, scripts, paceMs: options.paceMs ?? HUMAN_PACE_MS };
  const server = createServer((request, response) => {
    // A client that leaves while it sends its body makes the reading fail: there is no one to tell.
    serve({ request, response }, serving).catch(() => response.destroy());
  });
  server.requestTimeout = 0;
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  const controlUrl = `http://127.0.0.1:${address.port}`;
  const urls = {
    anthropic: controlUrl + anthropic.prefix,
    openai: controlUrl + openai.prefix,
    openrouter: controlUrl + openrouter.prefix,
    zai: controlUrl + zai.prefix,
    ollama: controlUrl + ollama.prefix,
  };
  return {
    urls,
    controlUrl,
    get journal() {
      return journal.entries;
    },
    clearJournal: () => journal.clear(),
    script: (script) => scripts.add(script),
    clearScripts: () => scripts.clear(),
    goOn: () => gate.open(),
    environment: () => environmentFor(urls),
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
