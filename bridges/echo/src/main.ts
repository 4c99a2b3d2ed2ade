import { createInterface } from 'node:readline';
import {
  bridgeConsumer,
  channelHello,
  channelInbound,
  channelOutbound,
  channelOutcome,
  makeId,
  readTyped,
  channelProtocolVersion as v,
} from '@mosaic/proto';
import { connectBus, processEnvironment, readConfig } from '@mosaic/service-kit';
import { echoSettings } from './settings.ts';

// The smallest bridge: its platform is this terminal. A line typed is a message, an answer is printed.
const { channelId, natsUrl, credentials } = readConfig(echoSettings, processEnvironment());
const principal = `bridge-${channelId}`;
const bus = await connectBus({
  url: natsUrl,
  principal,
  credentials,
  callerKeys: { publicKey: '' },
});
const tokens = { channelId };
const envelope = () => ({ v, id: makeId(), channelId, at: new Date().toISOString() }) as const;

await bus.call(
  channelHello,
  {
    ...envelope(),
    bridge: { name: 'echo', version: '0.1.0' },
    capabilities: {
      streaming: 'none',
      markdown: 'none',
      maxTextChars: 100_000,
      threads: false,
      idempotentSend: false,
    },
  },
  { tokens },
);
await bus.consume(
  channelOutbound,
  async ({ fact, ack }) => {
    const mark = fact.isSimulated ? ' (simulated)' : '';
    process.stdout.write(`${fact.text}\n${fact.footer ? `— ${fact.footer}${mark}\n` : ''}`);
    const outcome = { ...envelope(), deliveryId: fact.id, outcome: 'sent' } as const;
    await bus.publish(channelOutcome, outcome, { tokens, messageId: outcome.id });
    ack();
  },
  { durable: bridgeConsumer(channelId), concurrency: 1, ackWaitMs: 30_000, tokens },
);
for await (const text of createInterface({ input: process.stdin })) {
  if (text.trim() === '') continue;
  const typed = readTyped(text, 'bridge');
  if (typed.kind === 'refused') {
    process.stdout.write(`${typed.sentence}\n`);
    continue;
  }
  const message = { ...envelope(), place: { room: 'terminal' }, handle: 'terminal', text };
  await bus.publish(channelInbound, message, { tokens, messageId: message.id });
}
await bus.drain();
