import {
  createEmbedding,
  listModels,
  type ModelRef,
  MosaicError,
  type ProviderName,
  testProvider,
  totalInputTokens,
} from '@mosaic/proto';
import { type Answer, type Asker, ask, type EndPart, say } from './ask.ts';

/** How one step of one vendor went. */
export interface StepResult {
  readonly provider: ProviderName;
  readonly step: string;
  readonly outcome: 'ok' | 'failed' | 'skipped';
  readonly ms: number | null;
  /** Input and output. */
  readonly tokens: readonly [number, number] | null;
  readonly usd: number | null;
  /** What a reader should know: what was found, or why it failed or was left out. */
  readonly note: string;
}

type Found = Partial<Pick<StepResult, 'ms' | 'tokens' | 'usd' | 'note'>>;

interface Step {
  readonly name: string;
  /** Throws when the vendor does not do what it should. */
  run(): Promise<Found>;
}

const clock = {
  name: 'current_time',
  description: 'Tells the time of day in a time zone.',
  parameters: {
    type: 'object',
    properties: { zone: { type: 'string', description: 'IANA name, e.g. Europe/Vienna' } },
    required: ['zone'],
  },
};

/** Asks the vendor for its models. The catalogue in the reply is what the model is chosen from. */
export async function listStep(asker: Asker, provider: ProviderName): Promise<StepResult> {
  return runStep(provider, {
    name: 'list',
    async run() {
      const { caller } = asker;
      const { status } = await asker.bus.call(
        testProvider,
        { name: provider },
        { caller, timeoutMs: 15_000 },
      );
      if (!status.isHealthy) throw new MosaicError('provider_failed', status.reason ?? undefined);
      return { note: `${status.models} models` };
    },
  });
}

/** Texts that must come out near, and one that must not. */
const alike = [
  'search_query: Where does the cat sleep?',
  'search_document: The cat naps on a chair.',
];
const other = 'search_document: The invoice is due in thirty days.';
const embeddingModel = 'nomic-embed-text';

/** Vectors of Ollama's embedding model: whole, of one width, and near where the meaning is. */
export async function embedStep({ bus }: Asker): Promise<StepResult> {
  return runStep('ollama', {
    name: 'embed',
    async run() {
      const texts = [...alike, other];
      const request = { texts, model: embeddingModel };
      const { vectors, width } = await bus.call(createEmbedding, request, { timeoutMs: 60_000 });
      const [question = [], near = [], far = []] = vectors;
      const [high, low] = [cosine(question, near), cosine(question, far)];
      const figures = `${width} numbers; alike ${high.toFixed(2)}, unlike ${low.toFixed(2)}`;
      if (high <= low) throw new MosaicError('provider_failed', `No meaning: ${figures}`);
      return { note: `${embeddingModel}: ${figures}` };
    },
  });
}

function cosine(one: readonly number[], two: readonly number[]): number {
  const product = one.reduce((sum, value, at) => sum + value * (two[at] ?? 0), 0);
  return product / (Math.hypot(...one) * Math.hypot(...two));
}

/** All models that the providers service knows now. */
export async function readModels({ bus }: Asker) {
  return (await bus.call(listModels, {})).models;
}

/** Everything that a vendor must do for a conversation, one step after the other. */
export async function vendorSteps(asker: Asker, model: ModelRef): Promise<StepResult[]> {
  let chatEnd: EndPart | undefined;
  const steps: readonly Step[] = [
    {
      name: 'chat',
      async run() {
        const answer = await ask(asker, { model, turns: [say('What is the capital of Austria?')] });
        chatEnd = answer.end;
        return { ...billOf(answer.end), note: quote(textOf(answer)) };
      },
    },
    { name: 'stream', run: () => stream(asker, model) },
    { name: 'tool call and result', run: () => useTool(asker, model) },
    { name: 'cancel', run: () => cancel(asker, model) },
    { name: 'cost', run: async () => judgeBill(chatEnd) },
  ];
  const results: StepResult[] = [];
  for (const step of steps) results.push(await runStep(model.provider, step));
  return results;
}

async function runStep(provider: ProviderName, { name, run }: Step): Promise<StepResult> {
  const startedAt = performance.now();
  const unknown = { provider, step: name, tokens: null, usd: null, note: '' };
  try {
    const found = await run();
    return { ...unknown, outcome: 'ok', ms: performance.now() - startedAt, ...found };
  } catch (thrown) {
    const ms = performance.now() - startedAt;
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    const code = thrown instanceof MosaicError ? `${thrown.code}: ` : '';
    return { ...unknown, outcome: 'failed', ms, note: code + why };
  }
}

async function stream(asker: Asker, model: ModelRef): Promise<Found> {
  const answer = await ask(asker, {
    model,
    turns: [say('Write the numbers from 1 to 30 in words, separated by commas.')],
  });
  textOf(answer);
  if (answer.textParts < 2) throw new Error('The answer came in one piece.');
  const { firstTokenMs } = answer.end.timings;
  const first = firstTokenMs === null ? '' : `, the first after ${Math.round(firstTokenMs)} ms`;
  return { ...billOf(answer.end), note: `${answer.textParts} parts${first}` };
}

/** The model asks for a tool and is given its result, which its answer must show. */
async function useTool(asker: Asker, model: ModelRef): Promise<Found> {
  const question = say(
    `What is the time in Europe/Vienna? Use the tool ${clock.name}; answer as HH:MM.`,
  );
  const asked = await ask(asker, { model, turns: [question], tools: [clock] });
  const [call] = asked.calls;
  if (call?.name !== clock.name) throw new Error('The model did not call the tool.');
  const results = asked.calls.map(({ id, name }) => ({
    callId: id,
    name,
    output: '14:05',
    isError: false,
  }));
  const turns = [question, asked.turn, { role: 'tool' as const, results }];
  const answer = await ask(asker, { model, turns, tools: [clock] });
  if (!textOf(answer).includes(':05')) throw new Error(`No result in: ${quote(answer.text)}`);
  const first = billOf(asked.end);
  const second = billOf(answer.end);
  const usd = first.usd === null || second.usd === null ? null : first.usd + second.usd;
  const tokens: [number, number] = [
    first.tokens[0] + second.tokens[0],
    first.tokens[1] + second.tokens[1],
  ];
  return { tokens, usd, note: `${call.name}(${JSON.stringify(call.arguments)})` };
}

/** Leaves in the middle of an answer; the time is from leaving to the last part. */
async function cancel(asker: Asker, model: ModelRef): Promise<Found> {
  const abort = new AbortController();
  let leftAt: number | undefined;
  const asking = ask(asker, {
    model,
    turns: [say('Write the numbers from 1 to 300 in words, separated by commas.')],
    signal: abort.signal,
    onPart(part) {
      if (leftAt !== undefined || (part.type !== 'text' && part.type !== 'reasoning')) return;
      leftAt = performance.now();
      abort.abort();
    },
  });
  const thrown = await asking.then(
    () => new Error('The answer ended before it could be cancelled.'),
    (error: unknown) => error,
  );
  if (!(thrown instanceof MosaicError) || thrown.code !== 'cancelled') throw thrown;
  return { ms: performance.now() - (leftAt ?? 0), note: 'until the last part' };
}

/** What the answer to the first question cost, and who says so. */
function judgeBill(end: EndPart | undefined): Found {
  if (end === undefined) throw new Error('There is no answer to be billed.');
  if (end.usage.isEstimated) throw new Error('The vendor did not say what was used.');
  const { source } = end.cost;
  if (source === 'unknown') throw new Error('No price is known for this model.');
  return { ms: null, ...billOf(end), note: `by ${source}` };
}

function billOf({ usage, cost }: EndPart) {
  const tokens: [number, number] = [
    totalInputTokens(usage),
    usage.outputTokens + usage.reasoningTokens,
  ];
  return { tokens, usd: cost.usd };
}

function textOf({ text, end }: Answer): string {
  if (text.trim() !== '') return text;
  throw new Error(`The answer has no text (stopped: ${end.stop.raw ?? end.stop.unified}).`);
}

function quote(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  return line.length > 40 ? `"${line.slice(0, 40)}…"` : `"${line}"`;
}
