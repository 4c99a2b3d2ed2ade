import {
  credentialsReply,
  MosaicError,
  type OwnCredentials,
  type ProviderName,
  type ProvidersReply,
  providerNameSchema,
  providersReply,
} from '@mosaic/proto';
import { z } from 'zod';
import type { Command, Terminal } from '../command-line/command.ts';
import { tableLines } from '../command-line/print-table.ts';
import { readOptions, refuseWords } from '../command-line/read-options.ts';
import { readSecret } from '../command-line/read-secret.ts';
import { findMosaic, type RunningMosaic } from '../running/running-mosaic.ts';

const options = {
  'base-url': { type: 'string' },
  'skip-test': { type: 'boolean' },
  json: { type: 'boolean' },
  'data-dir': { type: 'string' },
} as const;

export const providersCommand: Command = {
  usage: `Usage: mosaic providers [list]
       mosaic providers set NAME [--base-url URL] [--skip-test]
       mosaic providers test NAME
       mosaic providers remove NAME

Lists the vendors, keeps keys of your own for one (NAME is anthropic, openai, openrouter or zai), asks
the vendor about them, or forgets them. "set" asks for the key without showing it, or takes what is
piped in, one key a line: a key never stands on the command line. A key that the vendor refuses is
not kept.

  --base-url URL   one of the vendor's other addresses, such as that of Z.ai's coding plan
  --skip-test      keep the key without asking the vendor
  --json           print what the gateway answers
  --data-dir D     the Mosaic that runs from this directory`,
  async run(args, terminal) {
    const { values, positionals } = readOptions(args, options);
    const [verb = 'list', name, ...more] = positionals;
    if (verb === 'list') refuseWords(positionals.slice(1));
    const asked: Asked = { mosaic: findMosaic(values), terminal, isJson: values.json === true };
    if (verb === 'list') return list(asked);
    const provider = readProvider(verb, name);
    if (verb === 'set') {
      if (more.length > 0) throw new MosaicError('bad_request', neverAnArgument);
      const { 'base-url': baseUrl, 'skip-test': skipTest = false } = values;
      return set(asked, provider, { baseUrl: baseUrl ?? null, skipTest });
    }
    refuseWords(more);
    return verb === 'test' ? test(asked, provider) : remove(asked, provider);
  },
};

const neverAnArgument =
  'A key is not given on the command line, where others can read it: leave it out and you are asked, or pipe it in.';
const verbs = ['list', 'set', 'test', 'remove'];

interface Asked {
  readonly mosaic: RunningMosaic;
  readonly terminal: Terminal;
  readonly isJson: boolean;
}

function readProvider(verb: string, name: string | undefined): ProviderName {
  if (!verbs.includes(verb)) {
    throw new MosaicError('bad_request', `There is no "${verb}" here: list, set, test or remove.`);
  }
  const provider = providerNameSchema.safeParse(name);
  if (provider.success) return provider.data;
  const names = providerNameSchema.options.join(', ');
  throw new MosaicError('bad_request', `Say which vendor: ${names}.`);
}

const pathOf = (provider: ProviderName) => `/api/providers/${provider}/credentials`;

async function list({ isJson, mosaic, terminal }: Asked): Promise<number> {
  const body = providersReply.parse(await mosaic.get('/api/providers'));
  if (isJson) {
    terminal.print(JSON.stringify(body));
    return 0;
  }
  const heading = ['provider', 'state', 'your keys', 'test', ''];
  for (const line of tableLines(heading, body.providers.map(toRow))) terminal.print(line);
  if (body.problem !== null) terminal.warn(body.problem);
  return 0;
}

function toRow(provider: ProvidersReply['providers'][number]): readonly string[] {
  const { isConfigured, isHealthy, isSimulated, name, own, reason } = provider;
  const state = isConfigured ? (isHealthy ? 'ready' : 'unwell') : 'absent';
  const keys = own?.keys ?? [];
  const unusable = keys.find((key) => key.unusableReason !== null)?.unusableReason;
  return [
    name,
    isSimulated ? 'simulated' : state,
    keys.map((key) => `…${key.hint ?? ''}`).join(', ') || '–',
    keys.map((key) => key.outcome).join(', ') || '–',
    unusable ?? reason ?? '',
  ];
}

async function set(
  { isJson, mosaic, terminal }: Asked,
  provider: ProviderName,
  choice: { readonly baseUrl: string | null; readonly skipTest: boolean },
): Promise<number> {
  const typed = await readSecret(`Key for ${provider} (not shown): `);
  const keys = typed.split(/\s+/).filter((key) => key !== '');
  if (keys.length === 0) throw new MosaicError('bad_request', 'No key was given.');
  const reply = credentialsReply.parse(await mosaic.put(pathOf(provider), { keys, ...choice }));
  if (isJson) terminal.print(JSON.stringify(reply));
  else for (const line of toLines(reply.credentials)) terminal.print(line);
  return 0;
}

/** One's own keys when there are some, else the installation's. */
async function test({ isJson, mosaic, terminal }: Asked, provider: ProviderName): Promise<number> {
  const kept = credentialsReply.parse(await mosaic.get(pathOf(provider)));
  if (kept.credentials.keys.length === 0)
    return testInstallation({ isJson, mosaic, terminal }, provider);
  const reply = credentialsReply.parse(await mosaic.post(`${pathOf(provider)}/test`, {}));
  if (isJson) terminal.print(JSON.stringify(reply));
  else for (const line of toLines(reply.credentials)) terminal.print(line);
  const hasWorking = reply.credentials.keys.some((key) => key.outcome === 'works');
  return hasWorking ? 0 : 1;
}

const testReply = z.object({
  status: z.object({ isHealthy: z.boolean(), reason: z.string().nullable() }),
});

async function testInstallation(
  { isJson, mosaic, terminal }: Asked,
  provider: ProviderName,
): Promise<number> {
  const body = await mosaic.post(`/api/providers/${provider}/test`, {});
  const { isHealthy, reason } = testReply.parse(body).status;
  if (isJson) terminal.print(JSON.stringify(body));
  else terminal.print(`${provider}, by the key of this installation: ${reason ?? 'works'}`);
  return isHealthy ? 0 : 1;
}

async function remove(
  { isJson, mosaic, terminal }: Asked,
  provider: ProviderName,
): Promise<number> {
  await mosaic.delete(pathOf(provider));
  terminal.print(isJson ? '{}' : `No key of yours is kept for ${provider} any more.`);
  return 0;
}

function toLines({ keys, provider }: OwnCredentials): readonly string[] {
  return keys.map(({ hint, message, outcome, unusableReason }) => {
    const name = hint === null ? 'your key' : `your key …${hint}`;
    const why = unusableReason ?? message;
    return `${provider}, ${name}: ${outcome}${why === null ? '' : ` (${why})`}`;
  });
}
