import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type JournalEntry, startVendors, type VendorServers, waitFor } from '../src/index.ts';

let vendors: VendorServers;
const now = () => performance.timeOrigin + performance.now();
const key = 'sk-very-secret-abcd';

before(async () => {
  vendors = await startVendors({ paceMs: 0, journalLimit: 3 });
});
after(() => vendors.stop());
beforeEach(() => {
  vendors.clearScripts();
  vendors.clearJournal();
});

function chat(body: object = {}, signal?: AbortSignal): Promise<Response> {
  return fetch(`${vendors.urls.openai}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'gpt-5.4',
      messages: [{ role: 'user', content: 'Hi' }],
      ...body,
    }),
    ...(signal === undefined ? {} : { signal }),
  });
}

function control(path: string, method: string, body?: object): Promise<Response> {
  return fetch(vendors.controlUrl + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

describe('the journal', () => {
  it('tells vendor, model, body, status and times, and masks the key', async () => {
    const before = now();
    await (await chat()).text();
    const [entry] = await waitFor(() =>
      vendors.journal.filter(({ closedAt }) => closedAt !== null),
    );
    assert.ok(entry);
    assert.equal(entry.vendor, 'openai');
    assert.equal(entry.path, '/chat/completions');
    assert.equal(entry.model, 'gpt-5.4');
    assert.equal(entry.status, 200);
    assert.equal(entry.aborted, false);
    assert.equal(entry.headers['authorization'], 'Bearer …abcd');
    assert.doesNotMatch(JSON.stringify(vendors.journal), /secret/);
    const { at, closedAt } = entry;
    assert.ok(before <= at && at <= (closedAt ?? 0) && (closedAt ?? 0) <= now());
  });

  it('masks x-api-key, and short keys altogether', async () => {
    await fetch(`${vendors.urls.anthropic}/v1/models`, { headers: { 'x-api-key': 'short' } });
    assert.equal(vendors.journal[0]?.headers['x-api-key'], '…');
  });

  it('sees a client leave', async () => {
    vendors.script({ fault: { kind: 'silence', afterChunks: 0 } });
    const leaving = new AbortController();
    await chat({ stream: true }, leaving.signal);
    const leftAt = now();
    leaving.abort();
    const [entry] = await waitFor(() => vendors.journal.filter(({ aborted }) => aborted));
    assert.ok((entry?.closedAt ?? 0) >= leftAt);
  });

  it('does not call a stream aborted that the server cut', async () => {
    vendors.script({ fault: 'cut' });
    await assert.rejects((await chat({ stream: true })).text());
    await waitFor(() => vendors.journal[0]?.closedAt != null);
    assert.equal(vendors.journal[0]?.aborted, false);
  });

  it('keeps no more than its limit', async () => {
    for (let count = 0; count < 5; count += 1) await (await chat()).text();
    assert.equal(vendors.journal.length, 3);
  });

  it('is read and emptied over HTTP, but not by a page of a browser', async () => {
    await (await chat()).text();
    const entries = (await (await control('/__journal', 'GET')).json()) as JournalEntry[];
    assert.equal(entries.length, 1);
    const page = await fetch(`${vendors.controlUrl}/__journal`, {
      headers: { origin: 'https://example.com' },
    });
    assert.equal(page.status, 403);
    assert.equal((await control('/__journal', 'DELETE')).status, 204);
    assert.equal(vendors.journal.length, 0);
  });
});

describe('scripts', () => {
  const reply = { model: 'gpt-5.4-mini', reply: 'scripted' };

  it('come over HTTP, wait for their model, and are used up', async () => {
    const answer = await control('/__script', 'POST', reply);
    assert.deepEqual([answer.status, await answer.json()], [201, { waiting: 1 }]);
    assert.doesNotMatch(await (await chat()).text(), /scripted/);
    assert.match(await (await chat({ model: 'gpt-5.4-mini' })).text(), /"content":"scripted"/);
    assert.doesNotMatch(await (await chat({ model: 'gpt-5.4-mini' })).text(), /"scripted"/);
  });

  it('leave model lists alone unless they name that endpoint', async () => {
    const list = () =>
      fetch(`${vendors.urls.openai}/models`, { headers: { authorization: `Bearer ${key}` } });
    vendors.script({ vendor: 'openai', fault: 'status' });
    assert.equal((await list()).status, 200);
    vendors.script({ vendor: 'openai', endpoint: 'models', fault: 'status' });
    assert.equal((await list()).status, 500);
  });

  it('are refused when they hold something unknown', async () => {
    assert.equal((await control('/__script', 'POST', { fault: 'no-such-fault' })).status, 400);
    assert.equal((await control('/__script', 'POST', { replay: 'typo' })).status, 400);
    assert.throws(() => vendors.script({ times: 0 }), { name: 'ZodError' });
  });

  it('hold an answer in its middle until they are told to go on', async () => {
    const script = { reply: 'one two three four', holdAfter: 2 };
    vendors.script(script);
    const { body } = await chat({ stream: true });
    let text = '';
    const ended = body?.pipeThrough(new TextDecoderStream()).pipeTo(
      new WritableStream({
        write: (piece) => {
          text += piece;
        },
      }),
    );
    await waitFor(() => text.includes('two'));
    vendors.script(script);
    const leaving = new AbortController();
    await chat({ stream: true }, leaving.signal);
    leaving.abort();
    await waitFor(() => vendors.journal.at(-1)?.aborted);
    assert.doesNotMatch(text, /three/);
    vendors.goOn();
    await ended;
    assert.match(text, /three[\s\S]*four[\s\S]*DONE/);
  });

  it('can make a model call tools', async () => {
    vendors.script({ toolCalls: [{ name: 'delete_all', arguments: { sure: true } }] });
    const body = (await (await chat()).json()) as {
      choices: { message: { tool_calls: { function: object }[] } }[];
    };
    const [call] = body.choices[0]?.message.tool_calls ?? [];
    assert.deepEqual(call?.function, { name: 'delete_all', arguments: '{"sure":true}' });
  });
});
