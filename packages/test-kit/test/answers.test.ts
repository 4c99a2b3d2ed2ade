import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { composeAnswer } from '../src/vendors/answers/compose-answer.ts';
import type { SeenRequest, SeenTurn } from '../src/vendors/wire/seen-request.ts';

const user = (text: string): SeenTurn => ({ role: 'user', text });
const assistant = (text: string): SeenTurn => ({ role: 'assistant', text });

function seen(turns: readonly SeenTurn[], more: Partial<SeenRequest> = {}): SeenRequest {
  return {
    model: 'glm-5',
    isStreamed: true,
    system: '',
    turns,
    tools: [],
    wantsThinking: false,
    body: {},
    ...more,
  };
}

function textOf(request: SeenRequest): string {
  return composeAnswer(request, { vendor: 'zai', id: '0'.repeat(32) }).text.join('');
}

describe('a composed answer', () => {
  it('says in its first line that it is simulated, for which model, and how to get a real one', () => {
    const [first = ''] = textOf(seen([user('Hi')])).split('\n');
    assert.match(first, /Simulated answer.*`glm-5`.*no Z\.ai key.*`ZAI_API_KEY`/);
  });

  it('is the same for the same request', () => {
    assert.equal(textOf(seen([user('Hi')])), textOf(seen([user('Hi')])));
  });

  it('quotes the question and counts what it was shown', () => {
    const turns = [user('One?'), assistant('1'), user('为什么天空是蓝色的？')];
    const text = textOf(seen(turns, { system: 'Be kind.' }));
    assert.match(text, /^> 为什么天空是蓝色的？$/m);
    assert.match(text, /3 turns \(2 from you, 1 from the assistant\), a system prompt of 8 char/);
  });

  it('repeats the earlier messages, and only those, when asked what was said', () => {
    const text = textOf(seen([user('My cat is Mia'), assistant('Nice'), user('What did I say?')]));
    assert.match(text, /you said:\n\n1\. My cat is Mia\n\n_I was/);
    assert.match(textOf(seen([user('What did I say?')])), /nothing earlier/);
  });

  it('repeats what the system prompt says it knows of the user', () => {
    const system = 'What you remember about the user:\n- has a cat named Mia\n- lives in Oslo';
    const text = textOf(seen([user('What is my cat called?')], { system }));
    assert.match(text, /- has a cat named Mia\n- lives in Oslo/);
  });

  it('summarises by the first sentence of each paragraph', () => {
    const text = textOf(seen([user('Summarise:\nA b. C d.\n\nE f! G h.')]));
    assert.match(text, /- E f!\n\n_I was/);
    assert.doesNotMatch(text, /G h/);
  });

  it('gives a code block in the language that was asked for', () => {
    assert.match(textOf(seen([user('Write a Python function')])), /```python\ndef /);
    assert.match(textOf(seen([user('Implement a class')])), /```typescript\n/);
  });

  it('answers a title request with a short title and nothing else', () => {
    const system = 'Write a title for this conversation.';
    const title = textOf(
      seen([user('how do I bake bread at home without yeast? thanks')], { system }),
    );
    assert.equal(title, 'How do I bake bread at');
    assert.equal(textOf(seen([user('你好。请帮我')], { system })), '你好');
    const transcript =
      'Make a short title of this:\n\nuser: cheap flights, Oslo\n\nassistant: Sure';
    assert.equal(textOf(seen([user(transcript)], { system })), 'Cheap flights, Oslo');
  });

  it('does not take a title that is only mentioned for a request to write one', () => {
    const system = 'What you know:\n- Job title: engineer';
    assert.match(textOf(seen([user('Hi')], { system })), /Simulated answer/);
  });

  it('calls a tool only when one that fits is offered, and not after its result', () => {
    const tool = (name: string) => ({ name, description: '', parameters: {} });
    const ask = (turns: readonly SeenTurn[], name: string) =>
      composeAnswer(seen(turns, { tools: [tool(name)] }), { vendor: 'zai', id: 'x' }).calls;
    const question = user('List the files here');
    assert.deepEqual(
      ask([question], 'list_files').map(({ name }) => name),
      ['list_files'],
    );
    assert.deepEqual(ask([question], 'get_time'), []);
    const called: SeenTurn = {
      role: 'assistant',
      text: '',
      calls: [{ id: 'c1', name: 'list_files' }],
    };
    const result: SeenTurn = { role: 'tool', text: 'a.txt', callId: 'c1' };
    assert.deepEqual(ask([question, called, result], 'list_files'), []);
  });
});
