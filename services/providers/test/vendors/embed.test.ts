import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, test } from 'node:test';
import { MosaicError } from '@mosaic/proto';
import { waitFor } from '@mosaic/test-kit';
import { embedTexts } from '../../src/adapters/serve-embeddings.ts';
import { makeOllama } from '../../src/ollama/adapter.ts';

interface Asked {
  readonly model: string;
  readonly input: readonly string[];
  readonly truncate: boolean;
}

/** How a server of some age answers; undefined leaves the request without an answer. */
type Answer = (asked: Asked) => { status?: number; body: unknown } | undefined;

let stop: () => Promise<void> = async () => {};
afterEach(() => stop());

/** A server that speaks /api/embed, and what it was asked. */
async function serve(answer: Answer) {
  const asked: Asked[] = [];
  let gone = 0;
  const server = createServer((request, response) => void reply(request, response));
  async function reply(request: IncomingMessage, response: ServerResponse) {
    let text = '';
    for await (const piece of request.setEncoding('utf8')) text += piece;
    const body = JSON.parse(text) as Asked;
    asked.push(body);
    response.once('close', () => (gone += response.writableEnded ? 0 : 1));
    const found = answer(body);
    if (!found) return;
    response.writeHead(found.status ?? 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found.body));
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const baseUrl = `http://127.0.0.1:${address.port}`;
  const ollama = makeOllama({ baseUrl, longestContextTokens: 16_384 });
  const embed = (texts: readonly string[], signal = AbortSignal.timeout(60_000)) =>
    embedTexts(ollama, { model: 'nomic-embed-text', texts: [...texts] }, signal);
  return { asked, embed, gone: () => gone };
}

/** A vector that says which text it is of. */
const vectorOf = (text: string) => [text.length, text.charCodeAt(0)];
const vectors = ({ input }: Asked) => ({ body: { embeddings: input.map(vectorOf) } });
const tooLong = { status: 400, body: { error: 'the input length exceeds the context length' } };
/** A model that reads eight characters, on a server that cuts when it is asked to. */
const cutting: Answer = (asked) => {
  if (!asked.truncate && asked.input.some((text) => text.length > 1_000)) return tooLong;
  return { body: { embeddings: asked.input.map((text) => vectorOf(text.slice(0, 1_000))) } };
};

test('many texts go in batches that the server takes, and come back in order', async () => {
  const { asked, embed } = await serve(vectors);
  const texts = Array.from({ length: 100 }, (_, index) => 'x'.repeat(index + 1));
  const reply = await embed(texts);
  assert.deepEqual(reply.vectors, texts.map(vectorOf));
  assert.deepEqual([reply.model, reply.width, reply.cut], ['nomic-embed-text', 2, undefined]);
  assert.ok(asked.length > 1 && asked.every(({ input }) => input.length <= 32));
  assert.ok(asked.every(({ truncate }) => truncate === false));
});

test('a batch holds no more characters than a server should get at once', async () => {
  const { asked, embed } = await serve(vectors);
  await embed(Array.from({ length: 6 }, () => 'y'.repeat(90_000)));
  assert.deepEqual(
    asked.map(({ input }) => input.length),
    [2, 2, 2],
  );
});

test('a text that is longer than the model reads is told, and the others are whole', async () => {
  const { asked, embed } = await serve(cutting);
  const texts = ['a', 'b'.repeat(2_000), 'c', 'd', 'e'.repeat(1_001)];
  const reply = await embed(texts);
  assert.deepEqual(reply.cut, [1, 4]);
  assert.deepEqual(
    reply.vectors,
    texts.map((text) => vectorOf(text.slice(0, 1_000))),
  );
  const cutAsked = asked.filter(({ truncate }) => truncate);
  assert.ok(cutAsked.every(({ input }) => input.length === 1 && (input[0]?.length ?? 0) > 1_000));
});

test('on a server that never cuts, the beginning that fits is read', async () => {
  const { embed } = await serve((asked) =>
    asked.input.some((text) => text.length > 1_000) ? tooLong : vectors(asked),
  );
  const reply = await embed(['f'.repeat(10_000)]);
  assert.deepEqual(reply.cut, [0]);
  assert.deepEqual(reply.vectors, [vectorOf('f'.repeat(625))]);
});

test('a text of which nothing is taken is an error that says so', async () => {
  const { embed } = await serve(() => tooLong);
  await assert.rejects(embed(['g'.repeat(5_000)]), {
    code: 'context_too_long',
    message: /5000 characters is longer than nomic-embed-text reads/,
  });
});

test('an older server that answers with one vector is understood', async () => {
  const { asked, embed } = await serve(({ input }) => ({
    body: { embedding: vectorOf(String(input.length === 1 ? input[0] : input)) },
  }));
  assert.deepEqual((await embed(['one'])).vectors, [vectorOf('one')]);
  assert.deepEqual((await embed(['one', 'three'])).vectors, [vectorOf('one'), vectorOf('three')]);
  assert.equal(asked.length, 4);
});

test('a model that is not installed is named with the command that installs it', async () => {
  const body = { error: 'model "nomic-embed-text" not found, try pulling it first' };
  const { embed } = await serve(() => ({ status: 404, body }));
  await assert.rejects(embed(['x']), {
    code: 'unknown_model',
    message: 'nomic-embed-text is not installed: run "ollama pull nomic-embed-text".',
  });
});

test('an answer with too few vectors, or of two widths, is a failure', async () => {
  const few = await serve(() => ({ body: { embeddings: [[1]] } }));
  await assert.rejects(few.embed(['a', 'b']), { code: 'provider_failed' });
  await stop();
  const ragged = await serve(() => ({ body: { embeddings: [[1], [1, 2]] } }));
  await assert.rejects(ragged.embed(['a', 'b']), { code: 'provider_failed' });
});

test('a cancel closes the socket and asks for no further batch', async () => {
  const abort = new AbortController();
  const { asked, embed, gone } = await serve((one) =>
    asked.length > 1 ? undefined : vectors(one),
  );
  const failed = embed(
    Array.from({ length: 100 }, () => 'x'),
    abort.signal,
  ).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  await waitFor(() => asked.length === 2, { timeoutMs: 30_000 });
  abort.abort(new MosaicError('cancelled'));
  assert.ok((await failed) instanceof MosaicError);
  await waitFor(() => gone() === 1, { timeoutMs: 30_000 });
  assert.equal(asked.length, 2);
});
