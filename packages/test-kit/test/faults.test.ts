import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { startVendors, type VendorServers, waitFor } from '../src/index.ts';

let vendors: VendorServers;
let anthropic: Anthropic;
let openai: OpenAI;
const messages = [{ role: 'user' as const, content: 'Hi' }];

before(async () => {
  vendors = await startVendors({ paceMs: 0 });
  const options = { apiKey: 'simulated-key', maxRetries: 0 };
  anthropic = new Anthropic({ baseURL: vendors.urls.anthropic, ...options });
  openai = new OpenAI({ baseURL: vendors.urls.openai, ...options });
});
after(() => vendors.stop());
beforeEach(() => {
  vendors.clearScripts();
  vendors.clearJournal();
});

/** Asks Anthropic over bare HTTP, to see bytes and not what an SDK makes of them. */
function ask(signal?: AbortSignal, stream = true): Promise<Response> {
  return fetch(`${vendors.urls.anthropic}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': 'simulated-key', 'anthropic-version': '2026-10-21' },
    body: JSON.stringify({ model: 'claude-opus-4-6', max_tokens: 500, stream, messages }),
    ...(signal === undefined ? {} : { signal }),
  });
}

async function readUntilCut({ body }: Response): Promise<string> {
  let text = '';
  await assert.rejects(async () => {
    for await (const piece of body?.pipeThrough(new TextDecoderStream()) ?? []) text += piece;
  }, TypeError);
  return text;
}

const asStream = { model: 'claude-opus-4-6', max_tokens: 500, messages };
const chunks = ['one ', 'two ', 'three ', 'four ', 'five'];

describe('faults instead of an answer', () => {
  it('gives a status with Retry-After and the vendor’s own body', async () => {
    vendors.script({ fault: { kind: 'status', status: 529, retryAfterSeconds: 7 } });
    const response = await ask();
    assert.equal(response.status, 529);
    assert.equal(response.headers.get('retry-after'), '7');
    assert.match(await response.text(), /"type":"overloaded_error","message":"Overloaded"/);
    assert.equal((await ask()).status, 200);
  });

  it('gives the code of the script, such as an exhausted quota', async () => {
    vendors.script({
      vendor: 'openai',
      fault: { kind: 'status', status: 429, code: 'insufficient_quota' },
    });
    await assert.rejects(openai.responses.create({ model: 'gpt-5.4', input: 'Hi' }), {
      status: 429,
      code: 'insufficient_quota',
    });
  });

  it('gives the vendor’s error as a document with status 200', async () => {
    vendors.script({ fault: { kind: 'error-document', status: 529 } });
    const response = await ask();
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'application/json');
    assert.match(await response.text(), /"type":"overloaded_error"/);
  });

  it('gives a web page of somebody in between', async () => {
    vendors.script({ fault: 'html-page' });
    const response = await ask();
    assert.equal(response.status, 502);
    assert.match(response.headers.get('content-type') ?? '', /^text\/html/);
    assert.match(await response.text(), /<title>502 Bad Gateway<\/title>/);
    vendors.script({ fault: { kind: 'html-page', status: 200, title: 'Sign in' } });
    assert.equal((await ask()).status, 200);
  });

  it('never sends headers, or headers and never a body', async () => {
    vendors.script({ fault: 'hang-before-headers' });
    await assert.rejects(ask(AbortSignal.timeout(80)), { name: 'TimeoutError' });
    vendors.script({ fault: 'never-answers' });
    const leaving = new AbortController();
    const response = await ask(leaving.signal);
    assert.equal(response.status, 200);
    const body = assert.rejects(response.text(), { name: 'AbortError' });
    leaving.abort();
    await body;
  });
});

describe('faults in the middle of an answer', () => {
  it('reports an overload after HTTP 200 as an error event behind n chunks', async () => {
    vendors.script({ chunks, fault: { kind: 'error-in-stream', afterChunks: 2 } });
    const stream = anthropic.messages.stream(asStream);
    let text = '';
    stream.on('text', (delta) => {
      text += delta;
    });
    await assert.rejects(stream.finalMessage(), { type: 'overloaded_error' });
    assert.equal(text, 'one two ');
  });

  it('reports an error before anything else when told so', async () => {
    vendors.script({ chunks, fault: { kind: 'error-in-stream', afterChunks: -1 } });
    assert.match(await (await ask()).text(), /^event: error\ndata: \{"type":"error"/);
  });

  it('ends a Responses stream with response.failed and the next sequence number', async () => {
    vendors.script({ chunks, fault: { kind: 'error-in-stream', status: 429, afterChunks: 1 } });
    const stream = await openai.responses.create({ model: 'gpt-5.4', input: 'Hi', stream: true });
    const events = await Array.fromAsync(stream);
    const last = events.at(-1);
    assert.ok(last?.type === 'response.failed');
    assert.equal(last.response.error?.code, 'rate_limit_exceeded');
    assert.deepEqual(
      events.map((event) => event.sequence_number),
      [...events.keys()],
    );
  });

  it('cuts the socket, of unary answers too', async () => {
    for (const reset of [false, true]) {
      vendors.script({ chunks, fault: { kind: 'cut', afterChunks: 2, reset } });
      assert.match(await readUntilCut(await ask()), /"two "\}\}\n\n$/);
    }
    vendors.script({ fault: 'cut' });
    const unary = await ask(undefined, false);
    await assert.rejects(unary.text(), TypeError);
  });

  it('goes silent after n chunks and keeps the connection', async () => {
    vendors.script({ chunks, fault: { kind: 'silence', afterChunks: 1 } });
    const leaving = new AbortController();
    const response = await ask(leaving.signal);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('"one "')) text += (await reader?.read())?.value ?? '';
    const next = reader?.read().then(
      () => 'more',
      () => 'gone',
    );
    assert.equal(await Promise.race([next, setTimeout(100, 'silence')]), 'silence');
    leaving.abort();
    assert.equal(await next, 'gone');
  });

  it('never notices that the client left a half-open connection', async () => {
    vendors.script({ chunks, fault: { kind: 'half-open', afterChunks: 1 } });
    const leaving = new AbortController();
    const response = await ask(leaving.signal);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('"one "')) text += (await reader?.read())?.value ?? '';
    const { length: sent } = text.match(/^event: /gm) ?? [];
    // Behind the last piece it reads no more.
    await waitFor(() => vendors.journal[0]?.chunksSent === sent);
    leaving.abort();
    await assert.rejects(async () => await reader?.read());
    await setTimeout(80);
    assert.equal(vendors.journal[0]?.closedAt, null);
  });

  it('ends politely without a finish, after everything or after n chunks', async () => {
    vendors.script({ chunks, fault: 'polite-end' });
    const whole = await (await ask()).text();
    assert.match(whole, /"five"/);
    assert.doesNotMatch(whole, /message_delta|message_stop/);
    vendors.script({ chunks, fault: { kind: 'polite-end', afterChunks: 1 } });
    assert.doesNotMatch(await (await ask()).text(), /"two "/);
  });

  it('puts an event of broken JSON between the others', async () => {
    vendors.script({ chunks, fault: { kind: 'garbage', afterChunks: 2 } });
    const stream = await openai.chat.completions.create({
      model: 'gpt-5.4',
      messages,
      stream: true,
    });
    let text = '';
    await assert.rejects(async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    }, SyntaxError);
    assert.equal(text, 'one two ');
  });
});

describe('odd but valid streams', () => {
  it('splits events and characters anywhere, and the text survives', async () => {
    const reply = '长城很长。 🧱🧱 naïve';
    for (const bytes of [1, 5]) {
      vendors.script({ reply, fault: { kind: 'split-utf8', bytes } });
      const message = await anthropic.messages.stream(asStream).finalMessage();
      assert.deepEqual(message.content, [{ type: 'text', text: reply, citations: null }]);
    }
    vendors.script({ reply, fault: 'split-utf8' });
    const pieces = await Array.fromAsync((await ask()).body ?? []);
    const isTorn = pieces.some((piece) => Buffer.from(piece).toString().includes('\uFFFD'));
    assert.ok(isTorn, 'no read ended inside a character');
  });

  it('sends CR LF and comments, together too, and the SDK reads the same text', async () => {
    vendors.script({ chunks, fault: ['crlf', 'comments'], times: 2 });
    const text = await (await ask()).text();
    assert.doesNotMatch(text, /[^\r]\n/);
    assert.match(text, /^: keep-alive\r\n\r\n/);
    const message = await anthropic.messages.stream(asStream).finalMessage();
    assert.deepEqual(message.content, [{ type: 'text', text: chunks.join(''), citations: null }]);
  });

  it('keeps the pace it is given, by script and by the slow fault', async () => {
    for (const slow of [{ paceMs: 40 }, { fault: { kind: 'slow', paceMs: 40 } }] as const) {
      vendors.script({ chunks, ...slow });
      const started = performance.now();
      await (await ask()).text();
      assert.ok(performance.now() - started >= 190);
    }
  });
});
