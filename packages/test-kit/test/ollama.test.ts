import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Ollama } from 'ollama';
import { startVendors, type VendorServers } from '../src/index.ts';

function similarity(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
}

describe('the Ollama look-alike, read with ollama', () => {
  let vendors: VendorServers;
  let client: Ollama;
  const messages = [{ role: 'user', content: 'What time is it? 现在几点' }];

  before(async () => {
    vendors = await startVendors({ paceMs: 0 });
    client = new Ollama({ host: vendors.urls.ollama });
  });
  after(() => vendors.stop());

  it('streams lines whose text is the unary answer and whose last one counts', async () => {
    const parts = await Array.fromAsync(
      await client.chat({ model: 'llama3.2', messages, stream: true }),
    );
    const unary = await client.chat({ model: 'llama3.2', messages });
    const last = parts.at(-1);
    assert.equal(parts.map(({ message }) => message.content).join(''), unary.message.content);
    assert.match(unary.message.content, /of `llama3.2`: no Ollama was found[\s\S]*现在几点/);
    assert.equal(last?.done, true);
    assert.equal(last.done_reason, 'stop');
    assert.equal(last.eval_count, unary.eval_count);
    assert.ok(parts.slice(0, -1).every(({ done }) => !done));
  });

  it('reads no more than num_ctx tokens and does not say so', async () => {
    const long = [{ role: 'user', content: 'word '.repeat(5000) }];
    const ask = { model: 'llama3.2', messages: long };
    assert.equal((await client.chat(ask)).prompt_eval_count, 4096);
    const wide = await client.chat({ ...ask, options: { num_ctx: 32_768 } });
    assert.ok(wide.prompt_eval_count > 6000);
  });

  it('calls a tool whole and answers with its result', async () => {
    const tools = [
      {
        type: 'function',
        function: { name: 'get_time', description: '', parameters: { type: 'object' } },
      },
    ];
    const first = await client.chat({ model: 'llama3.2', messages, tools });
    const [call] = first.message.tool_calls ?? [];
    assert.deepEqual(call?.function, { index: 0, name: 'get_time', arguments: {} });
    // The SDK's type does not know it yet.
    assert.match((call as unknown as { id: string }).id, /^call_\w+$/);
    const second = await client.chat({
      model: 'llama3.2',
      messages: [
        ...messages,
        first.message,
        { role: 'tool', tool_name: 'get_time', content: '12:34' },
      ],
      tools,
    });
    assert.match(second.message.content, /`get_time` answered:[\s\S]*12:34/);
  });

  it('thinks with models that can, and refuses to with those that cannot', async () => {
    const thought = await client.chat({ model: 'qwen3', messages, think: true });
    assert.ok((thought.message.thinking ?? '').length > 0);
    await assert.rejects(client.chat({ model: 'llama3.2', messages, think: true }), {
      message: '"llama3.2" does not support thinking',
    });
  });

  it('lists and shows its models', async () => {
    const { models } = await client.list();
    assert.deepEqual(
      models.map(({ name }) => name),
      ['llama3.2:latest', 'qwen3:latest', 'nomic-embed-text:latest'],
    );
    const shown = await client.show({ model: 'llama3.2' });
    assert.deepEqual(shown.capabilities, ['completion', 'tools']);
    const info = shown.model_info as unknown as Record<string, unknown>;
    assert.equal(info['llama.context_length'], 131_072);
    assert.match((await client.version()).version, /^\d+\.\d+/);
  });

  it('embeds texts as unit vectors: equal texts equal, related texts nearer than others', async () => {
    const input = ['I like cats', 'I like cats', 'cats are what I like most', 'tax law of 1987'];
    const { embeddings } = await client.embed({ model: 'nomic-embed-text', input });
    const [first = [], same = [], near = [], far = []] = embeddings;
    assert.equal(first.length, 768);
    assert.ok(Math.abs(Math.hypot(...first) - 1) < 1e-9);
    assert.deepEqual(first, same);
    assert.ok(similarity(first, near) > similarity(first, far) + 0.3);
  });

  it('says which model is missing, with status 404', async () => {
    await assert.rejects(client.chat({ model: 'mistral', messages }), {
      status_code: 404,
      message: "model 'mistral' not found",
    });
  });

  it('ends a failed stream with a line that holds only the error', async () => {
    vendors.script({ vendor: 'ollama', fault: { kind: 'error-in-stream', status: 500 } });
    const stream = await client.chat({ model: 'llama3.2', messages, stream: true });
    await assert.rejects(Array.fromAsync(stream), /llama runner process has terminated/);
  });
});
