import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CompletionPart } from '@mosaic/proto';
import { start } from '@mosaic/test-kit/samples';
import { end, say, startTurnRig, type TurnRig } from './turn-rig.ts';

let rig: TurnRig;
before(async () => {
  rig = await startTurnRig();
  await rig.startWorker();
});
after(() => rig.stop());

test('an answer above the bus limit ends in one clear failure with what was said', async () => {
  const piece = '漢字 '.repeat(10_000);
  rig.answerWith(async function* (): AsyncIterable<CompletionPart> {
    yield start;
    for (let index = 0; index < 40; index += 1) yield { type: 'text', text: piece };
    yield end();
  });
  const conversation = await rig.open();
  await rig.send(conversation, 'Write for ever.');
  const events = await rig.until(conversation, 'turn.failed');
  const last = events.at(-1);
  assert.ok(last?.type === 'turn.failed');
  assert.equal(last.failure.code, 'body_too_large');
  assert.ok(last.text.startsWith(piece), 'the beginning is kept');
  assert.equal(events.filter(({ type }) => type === 'turn.restarted').length, 0);
  await rig.untilSettled(conversation);
});

test('a message that fits the inbox but not the log ends in one clear failure', async () => {
  rig.answerWith(() => say('short'));
  const conversation = await rig.open();
  // The limit is 1,048,576 bytes with headers; the event in the log is longer than the message was.
  let chars = 349_400;
  for (; chars > 340_000; chars -= 10) {
    const sent = await rig.send(conversation, '漢'.repeat(chars)).catch(() => undefined);
    if (sent !== undefined) break;
  }
  assert.ok(chars > 340_000, 'one of these lengths is just below the limit');
  const events = await rig.until(conversation, 'turn.failed');
  const last = events.at(-1);
  assert.ok(last?.type === 'turn.failed');
  assert.equal(last.failure.code, 'body_too_large');
  await rig.untilSettled(conversation);
  await rig.send(conversation, 'And a short one?');
  await rig.until(conversation, 'turn.completed');
});

test('tool arguments above the bus limit end in one clear failure', async () => {
  rig.answerWith(async function* (): AsyncIterable<CompletionPart> {
    yield start;
    yield { type: 'text', text: 'y'.repeat(600_000) };
    const call = { id: 'k', name: 'write_file', arguments: { content: 'x'.repeat(600_000) } };
    yield { type: 'tool-call', call };
    yield end('tool-calls');
  });
  const conversation = await rig.open();
  await rig.send(conversation, 'Write a file.');
  const last = (await rig.until(conversation, 'turn.failed')).at(-1);
  assert.ok(last?.type === 'turn.failed');
  assert.equal(last.failure.code, 'body_too_large');
});

test('without memory, a history above the bus limit loses its oldest turns, never the question', async () => {
  rig.answerWith(() => say('z'.repeat(300_000)));
  const conversation = await rig.open();
  for (let count = 1; count <= 4; count += 1) {
    await rig.send(conversation, `question ${count}`);
    await rig.until(conversation, 'turn.completed', count);
  }
  rig.answerWith(() => say('still here'));
  await rig.send(conversation, 'the last question');
  const last = (await rig.until(conversation, 'turn.completed', 5)).at(-1);
  assert.ok(last?.type === 'turn.completed' && last.text === 'still here');
  const turns = rig.asked.at(-1)?.turns ?? [];
  assert.equal(turns[0]?.role, 'user');
  assert.match(JSON.stringify(turns.at(-1)), /the last question/);
  assert.doesNotMatch(JSON.stringify(turns), /question 1"/);
});
