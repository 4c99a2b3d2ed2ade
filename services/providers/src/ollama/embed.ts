import { MosaicError } from '@mosaic/proto';
import type { Ollama } from 'ollama';
import { makeFault, toError } from '../app/vendor/vendor-fault.ts';
import type { Embedded, EmbedRequest } from '../app/vendor/vendor-port.ts';

/** The server works on all texts of a request at once: few enough for its memory and for a body. */
const mostTexts = 32;
const mostCharacters = 200_000;

interface Vector {
  readonly vector: readonly number[];
  readonly isCut: boolean;
}

/**
 * Turns texts into vectors, in order, until the client's own signal ends it. No text is cut silently: a batch is asked for whole texts, and
 * when one is longer than the model reads, it is found by halving and asked for by its beginning.
 * Throws `unknown_model` with the command that installs a model that is missing, and
 * `context_too_long` when the server does not even take a beginning.
 */
export async function embedInBatches(
  client: Pick<Ollama, 'embed'>,
  { model, texts }: Pick<EmbedRequest, 'model' | 'texts'>,
): Promise<Embedded> {
  const ask = { client, model };
  const vectors: Vector[] = [];
  for (const batch of toBatches(texts)) vectors.push(...(await embedBatch(ask, batch)));
  return {
    vectors: vectors.map((one) => [...one.vector]),
    cut: vectors.flatMap((one, index) => (one.isCut ? [index] : [])),
  };
}

function toBatches(texts: readonly string[]): string[][] {
  const batches: string[][] = [];
  let characters = 0;
  for (const text of texts) {
    const batch = batches.at(-1);
    const isFull = !batch || batch.length >= mostTexts || characters + text.length > mostCharacters;
    characters = isFull ? text.length : characters + text.length;
    if (isFull) batches.push([text]);
    else batch.push(text);
  }
  return batches;
}

interface Ask {
  readonly client: Pick<Ollama, 'embed'>;
  readonly model: string;
}

async function embedBatch(ask: Ask, texts: readonly string[]): Promise<Vector[]> {
  const whole = await embedWhole(ask, texts);
  if (whole) return whole.map((vector) => ({ vector, isCut: false }));
  const [only] = texts;
  if (texts.length === 1 && only !== undefined) {
    return [{ vector: await embedBeginning(ask, only), isCut: true }];
  }
  const middle = Math.ceil(texts.length / 2);
  return [
    ...(await embedBatch(ask, texts.slice(0, middle))),
    ...(await embedBatch(ask, texts.slice(middle))),
  ];
}

/** Undefined when one of the texts is longer than the model reads. */
async function embedWhole(ask: Ask, texts: readonly string[]) {
  try {
    return await embed(ask, texts, false);
  } catch (thrown) {
    if (codeOf(thrown) === 'context_too_long') return undefined;
    throw explain(thrown, ask.model);
  }
}

/** Shorter than what any model reads. */
const shortestBeginning = 256;

/** Some servers cut nothing whatever they are asked (ollama issue 14186): there the text is halved. */
async function embedBeginning(ask: Ask, text: string): Promise<readonly number[]> {
  for (let length = text.length; length >= shortestBeginning; length = Math.floor(length / 2)) {
    try {
      const [vector] = await embed(ask, [text.slice(0, length)], true);
      if (vector) return vector;
    } catch (thrown) {
      if (codeOf(thrown) !== 'context_too_long') throw explain(thrown, ask.model);
    }
  }
  const message = `A text of ${text.length} characters is longer than ${ask.model} reads.`;
  throw toError(makeFault('context_too_long', message));
}

/** One request; several for a server so old that it answers with one vector, `embedding`. */
async function embed(ask: Ask, input: readonly string[], truncate: boolean): Promise<number[][]> {
  const { client, model } = ask;
  // The SDK's type knows the current form only.
  const answer: { embeddings?: number[][]; embedding?: number[] } = await client.embed({
    model,
    input: [...input],
    truncate,
  });
  if (answer.embeddings) return answer.embeddings;
  if (!answer.embedding) return [];
  if (input.length === 1) return [answer.embedding];
  const vectors: number[][] = [];
  for (const text of input) vectors.push(...(await embed(ask, [text], truncate)));
  return vectors;
}

function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof MosaicError ? thrown.code : undefined;
}

function explain(thrown: unknown, model: string): unknown {
  if (codeOf(thrown) !== 'unknown_model') return thrown;
  return toError(
    makeFault('unknown_model', `${model} is not installed: run "ollama pull ${model}".`),
  );
}
