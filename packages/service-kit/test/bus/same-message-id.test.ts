import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inbox, makeId } from '@mosaic/proto';
import { type RealBus, startRealBus } from '@mosaic/test-kit/bus';

let real: RealBus;
before(async () => {
  real = await startRealBus();
});
after(() => real.stop());

test('a message id that somebody else used loses nothing, and the same one twice is one', async () => {
  const gateway = await real.connect('gateway');
  const messageId = makeId();
  const send = (userId: string, conversationId: string) => {
    const acceptedAt = new Date().toISOString();
    const fact = { conversationId, messageId, text: 'hello', acceptedAt };
    const tokens = { userId, conversationId };
    return gateway.publish(inbox, fact, { tokens, caller: real.person(userId), messageId });
  };
  const hers = await send('mia', 'c1');
  const again = await send('mia', 'c1');
  const elsewhere = await send('mia', 'c2');
  const his = await send('noa', 'c1');
  assert.equal(again.isDuplicate, true);
  assert.equal(again.streamSeq, hers.streamSeq);
  assert.deepEqual(
    [hers, elsewhere, his].map((one) => one.isDuplicate),
    [false, false, false],
  );
});
