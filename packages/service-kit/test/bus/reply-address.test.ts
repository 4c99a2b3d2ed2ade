import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bridgeInboxPrefix, channelHello } from '@mosaic/proto';
import { bridgeCredentials, provisionerCredentials } from '@mosaic/service-kit';
import { type RealBus, startRealBus } from '@mosaic/test-kit/bus';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';

let real: RealBus;
before(async () => {
  real = await startRealBus();
});
after(() => real.stop());

function connectRaw(credentials: string, inboxPrefix: string): Promise<NatsConnection> {
  const authenticator = credsAuthenticator(new TextEncoder().encode(credentials));
  return connect({ servers: real.url, authenticator, inboxPrefix });
}

test('a bridge cannot have its answer written where only the gateway may write', async () => {
  const gateway = await real.connect('gateway');
  gateway.handle(channelHello, async () => ({ protocol: 1, heartbeatMs: 1, maxTextChars: 1 }));
  await gateway.flush();
  const expiresAt = new Date(Date.now() + 60_000);
  const credentials = await bridgeCredentials(real.keys, 'rogue', { expiresAt });
  const bridge = await connectRaw(credentials, bridgeInboxPrefix('rogue'));
  const subject = 'mosaic.v1.channel.rogue.hello';
  bridge.publish(subject, '{}', { reply: 'mosaic.v1.inbox.mia.some-conversation' });
  // Answered after the first one was.
  assert.match((await bridge.request(subject, '{}')).string(), /error/);
  await bridge.close();

  const provisioner = await connectRaw(
    await provisionerCredentials(real.keys),
    '_INBOX.provisioner',
  );
  const info = await provisioner.request('$JS.API.STREAM.INFO.INBOX');
  await provisioner.close();
  assert.equal(info.json<{ state: { messages: number } }>().state.messages, 0);
});
