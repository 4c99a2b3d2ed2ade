// Asks every vendor whose key is in the environment, through the real providers service on a real bus:
// list, chat, stream, tool, cancel, cost. The others are skipped by name, with what to set.
//
//   npm run smoke:live [-- --model <provider>/<model>]… [-- --record <directory>]
//
// Exits with 0 when nothing failed, with 1 when something did. It costs about a cent.
import { parseArgs } from 'node:util';
import {
  listProviders,
  type ModelRef,
  modelRefSchema,
  type ProviderName,
  providerNames,
} from '@mosaic/proto';
import { type Environment, startService } from '@mosaic/service-kit';
import { startRealBus } from '@mosaic/test-kit/bus';
import { providersService } from '../../services/providers/src/index.ts';
import type { Asker } from './ask.ts';
import { modelsByPrice } from './choose-model.ts';
import { recordVendors } from './record-vendors.ts';
import { secretsOf, summaryOf, tableOf } from './report.ts';
import { embedStep, listStep, readModels, type StepResult, vendorSteps } from './steps.ts';

const { values } = parseArgs({
  options: { model: { type: 'string', multiple: true }, record: { type: 'string' } },
});
const wishes = (values.model ?? []).map((text) => {
  const [provider, ...model] = text.split('/');
  const wish = modelRefSchema.safeParse({ provider, model: model.join('/') });
  if (wish.success) return wish.data;
  console.error(`--model takes <provider>/<model>, such as openai/gpt-5.4-mini, not "${text}".`);
  return process.exit(2);
});

/** Only what says how vendors are reached: this run keeps no account and touches no data. */
const ownVariables =
  /^(?:ANTHROPIC_|OPENAI_|OPENROUTER_|ZAI_|OLLAMA_|MOSAIC_(?:MODEL|OLLAMA|PROVIDER)_)/;
const env: Environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => ownVariables.test(name)),
);

await using stack = new AsyncDisposableStack();
let stopping: Promise<void> | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // The server of the bus outlives this process unless it is stopped.
  process.once(signal, () => {
    stopping ??= stack.disposeAsync();
  });
}
const bus = await startRealBus();
stack.defer(() => bus.stop());
const recorded = values.record === undefined ? {} : await recordVendors(env, values.record, stack);
const service = await startService(providersService, {
  ...env,
  ...recorded,
  ...(await bus.environment('providers')),
  MOSAIC_LOG_LEVEL: 'silent',
});
stack.defer(() => service.stop());
const gateway: Asker = { bus: await bus.connect('gateway'), caller: bus.person('smoke-test') };

const mostTries = 20;

async function smoke(provider: ProviderName): Promise<StepResult[]> {
  const nothing = { provider, ms: null, tokens: null, usd: null };
  const skip = (note: string): StepResult[] => [
    { ...nothing, step: 'all', outcome: 'skipped', note },
  ];
  const { providers } = await gateway.bus.call(listProviders, {});
  const status = providers.find(({ name }) => name === provider);
  if (!status?.isConfigured) return skip(status?.reason ?? 'It is not configured.');
  const list = await listStep(gateway, provider);
  // A local server that is not there is no fault of this installation.
  if (list.outcome === 'failed' && provider === 'ollama') return skip(list.note);
  const wish = wishes.find((one) => one.provider === provider);
  const models = wish ? [wish] : modelsByPrice(await readModels(gateway), provider);
  const embedded = provider === 'ollama' ? [await embedOrSkip(skip)] : [];
  if (models.length === 0 && provider === 'ollama') {
    return [...skip('It has no model that chats: run "ollama pull qwen3".'), ...embedded];
  }
  if (models.length === 0) {
    const note = 'No model of it can be used now; name one with --model.';
    return [list, { ...nothing, step: 'chat', outcome: 'failed', note }];
  }
  const { model, steps } = await askFirstKnown(models);
  return [{ ...list, note: `${list.note}; asked: ${model}` }, ...steps, ...embedded];
}

/** An embedding model that was never installed is no fault; everything else is. */
async function embedOrSkip(skip: (note: string) => readonly StepResult[]): Promise<StepResult> {
  const result = await embedStep(gateway);
  const [skipped] = result.note.startsWith('unknown_model') ? skip(result.note) : [];
  return skipped === undefined ? result : { ...skipped, step: 'embed' };
}

/** Not every account has every model: the next one is asked when the vendor does not know the first. */
async function askFirstKnown(models: readonly ModelRef[]) {
  let steps: StepResult[] = [];
  let model = '';
  for (const ref of models.slice(0, mostTries)) {
    ({ model } = ref);
    steps = await vendorSteps(gateway, ref);
    if (!steps[0]?.note.startsWith('unknown_model')) break;
  }
  return { model, steps };
}

try {
  const results: StepResult[] = [];
  for (const provider of providerNames) results.push(...(await smoke(provider)));
  console.log(`${tableOf(results, secretsOf(process.env))}\n\n${summaryOf(results)}`);
  if (results.some(({ outcome }) => outcome === 'failed')) process.exitCode = 1;
} catch (thrown) {
  if (stopping === undefined) throw thrown;
  await stopping;
  process.exitCode = 1;
}
