import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type CompletionPart,
  conversationLog,
  inbox,
  makeId,
  type ServiceName,
  searchConversations,
  streamCompletion,
} from '@mosaic/proto';
import { type Bus, provisionerCredentials, serviceCredentials } from '@mosaic/service-kit';
import { waitFor } from '@mosaic/test-kit';
import { type RealBus, startRealBus } from '@mosaic/test-kit/bus';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, credsAuthenticator } from '@nats-io/transport-node';

const patience = { timeoutMs: 60_000 };
/** As long as a busy machine may need to start a server. */
const patient = { requestMs: 60_000, publishMs: 60_000, settleMs: 30_000 };

let real: RealBus;
const children: ChildProcess[] = [];
const tokens = { userId: 'mia', conversationId: 'c' };
const completion = {
  candidates: [{ provider: 'anthropic' as const, model: 'm' }],
  system: null,
  turns: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'hi' }] }],
};

before(async () => {
  real = await startRealBus();
});
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await real.stop();
});

/** Starts another process on the bus and waits until it does what its role says. */
async function startProcess(role: 'stream' | 'lease', principal: ServiceName) {
  const credentials = await serviceCredentials(real.keys, principal);
  const connection = { url: real.url, principal, credentials, callerKeys: real.keys.caller };
  const script = join(import.meta.dirname, 'bus-process.ts');
  const child = spawn(process.execPath, [script, role, JSON.stringify(connection)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

async function serveSearch(delayMs: () => number): Promise<Bus> {
  const memory = await real.connect('memory');
  memory.handle(searchConversations, async () => {
    await pause(delayMs());
    return { hits: [] };
  });
  await memory.flush();
  return memory;
}

function publishMessage(bus: Bus, text: string) {
  const acceptedAt = new Date().toISOString();
  const fact = { conversationId: 'c', messageId: makeId(), text, acceptedAt };
  return bus.publish(inbox, fact, { tokens, messageId: fact.messageId });
}

test('a rolling restart of two instances under load loses no request', async () => {
  const gateway = await real.connect('gateway');
  const delayMs = () => Math.random() * 12;
  const instances = [await serveSearch(delayMs), await serveSearch(delayMs)];
  const failures: unknown[] = [];
  let answered = 0;
  let isOver = false;
  const ask = async () => {
    while (!isOver) {
      await gateway
        .call(searchConversations, { query: 'x' }, { caller: real.person('mia') })
        .then(() => {
          answered += 1;
        })
        .catch((thrown: unknown) => failures.push(thrown));
    }
  };
  const load = Promise.all(Array.from({ length: 24 }, ask));
  for (let round = 0; round < 4; round += 1) {
    await pause(250);
    const [oldest] = instances.splice(0, 1);
    instances.push(await serveSearch(delayMs));
    await oldest?.drain(2_000);
  }
  await waitFor(() => answered > 3_000, patience);
  isOver = true;
  await load;
  assert.deepEqual(failures, []);
  await Promise.all(instances.map((one) => one.drain()));
});

test('a drain waits for what runs, and tells it to stop when the grace is over', async () => {
  const memory = await real.connect('memory');
  const gateway = await real.connect('gateway');
  const reasons: unknown[] = [];
  let hasHadTime = false;
  memory.handle(searchConversations, async (_request, { signal }) => {
    void pause(100).then(() => {
      hasHadTime = true;
    });
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    reasons.push(signal.reason);
    assert.ok(hasHadTime);
    throw signal.reason;
  });
  await memory.flush();
  const asked = gateway.call(searchConversations, { query: 'x' }, { caller: real.person('mia') });
  const refused = assert.rejects(asked, { code: 'service_lost' });
  await waitFor(() => memory.inFlight === 1, patience);
  await memory.drain(150);
  await refused;
  assert.equal(reasons.length, 1);
  assert.equal(memory.isConnected, false);
});

test('a server killed and started again loses nothing stored, and everything goes on', async () => {
  const gateway = await real.connect('gateway', { timings: patient });
  const agents = await real.connect('agents', { timings: patient });
  const memory = await serveSearch(() => 1);
  const texts = new Set<string>();
  await agents.consume(
    inbox,
    async (delivery) => {
      texts.add(delivery.fact.text);
      delivery.ack();
    },
    { durable: 'turns', concurrency: 4, ackWaitMs: 1_000 },
  );
  const stored: string[] = [];
  let isOver = false;
  const publishing = (async () => {
    for (let number = 0; !isOver; number += 1) {
      await publishMessage(gateway, `n${number}`);
      stored.push(`n${number}`);
      await pause(5);
    }
  })();
  await waitFor(() => stored.length > 20, patience);
  const killed = real.kill();
  // Goes down with the server: it has to be asked again when the link is back.
  const looked = Promise.all([1, 2, 3].map(() => gateway.lastOf(conversationLog, tokens)));
  await killed;
  await waitFor(() => !gateway.isConnected, patience);
  const before = stored.length;
  const asked = gateway.call(searchConversations, { query: 'x' }, { caller: real.person('mia') });
  await pause(800);
  await real.restart();
  assert.deepEqual(await asked, { hits: [] });
  assert.deepEqual(await looked, [undefined, undefined, undefined]);
  await waitFor(() => stored.length > before + 20, patience);
  isOver = true;
  await publishing;
  await waitFor(() => stored.every((text) => texts.has(text)), patience);
  await Promise.all([agents, memory, gateway].map((bus) => bus.drain()));
});

test('a reader of the log goes on after the server was killed', async () => {
  const agents = await real.connect('agents', { timings: patient });
  const memory = await real.connect('memory');
  const place = { userId: 'mia', conversationId: 'log' };
  const append = (seq: number) =>
    agents.publish(
      conversationLog,
      {
        type: 'conversation.renamed',
        conversationId: 'log',
        seq,
        at: new Date().toISOString(),
        title: `${seq}`,
        by: 'user',
      },
      { tokens: place },
    );
  const stop = new AbortController();
  const found: number[] = [];
  const options = { tokens: place, untilCaughtUp: false, signal: stop.signal };
  const reading = (async () => {
    for await (const { fact } of memory.read(conversationLog, options)) found.push(fact.seq);
  })();
  await append(1);
  await waitFor(() => found.length === 1, patience);
  await real.kill();
  await pause(500);
  await real.restart();
  await append(2);
  await append(3);
  // Sooner than the client library notices by itself that its consumer is gone.
  await waitFor(() => found.length === 3, { timeoutMs: 9_000 });
  stop.abort();
  await reading;
  assert.deepEqual(found, [1, 2, 3]);
});

test('a consumer that somebody removed is made again', async () => {
  const agents = await real.connect('agents');
  const gateway = await real.connect('gateway');
  const texts: string[] = [];
  const consumer = await agents.consume(
    inbox,
    async (delivery) => {
      texts.push(delivery.fact.text);
      delivery.ack();
    },
    { durable: 'turns', concurrency: 2, ackWaitMs: 1_000 },
  );
  const provisioner = await connect({
    servers: real.url,
    inboxPrefix: '_INBOX.provisioner',
    authenticator: credsAuthenticator(Buffer.from(await provisionerCredentials(real.keys))),
  });
  const manager = await jetstreamManager(provisioner);
  // nats-server 2.9 still writes the consumer's state while it removes the folder ("directory not
  // empty"): the consumer is gone all the same, whatever the answer says.
  await manager.consumers.delete('INBOX', 'turns').catch((thrown: unknown) => {
    assert.match(String(thrown), /directory not empty/);
  });
  await provisioner.close();
  await publishMessage(gateway, 'after the removal');
  await waitFor(() => texts.includes('after the removal'), patience);
  await consumer.stop();
});

test('a reader learns by the silence that its server was killed', async () => {
  const server = await startProcess('stream', 'providers');
  const agents = await real.connect('agents', { timings: { silenceMs: 1_500 } });
  const kinds: string[] = [];
  for await (const part of agents.stream(streamCompletion, completion, {
    caller: real.person('mia'),
  })) {
    kinds.push(part.type === 'error' ? part.failure.code : part.type);
    if (kinds.length !== 5) continue;
    server.kill('SIGKILL');
  }
  assert.equal(kinds.at(-1), 'service_lost');
  assert.equal(kinds.filter((kind) => kind !== 'text').length, 1);
  assert.ok(server.killed, 'nobody was missed before');
});

test('a server learns that its reader was killed', async () => {
  const timings = { abandonedMs: 300, heartbeatMs: 60 };
  const providers = await real.connect('providers', { timings });
  const aborted = Promise.withResolvers<void>();
  const count = async function* (signal: AbortSignal): AsyncGenerator<CompletionPart> {
    signal.addEventListener('abort', () => aborted.resolve());
    for (let number = 0; !signal.aborted; number += 1) {
      yield { type: 'text', text: `${number}` };
      await pause(20);
    }
  };
  providers.handleStream(streamCompletion, (_request, { signal }) => count(signal));
  await providers.flush();
  // A reader that never says that it lives.
  const silent = await real.connect('agents', { timings: { aliveMs: 60_000 } });
  const kinds: string[] = [];
  for await (const part of silent.stream(streamCompletion, completion, {
    caller: real.person('mia'),
  })) {
    kinds.push(part.type);
  }
  await aborted.promise;
  assert.equal(kinds.at(-1), 'error');
  await providers.drain();
});

test('the lease of a killed holder goes to the next who asks', async () => {
  const holder = await startProcess('lease', 'agents');
  const agents = await real.connect('agents');
  assert.equal(await agents.tryLease('LEASES', 'conversation'), undefined);
  // Longer than its life: only the renewals keep it.
  await pause(9_000);
  assert.equal(await agents.tryLease('LEASES', 'conversation'), undefined);
  holder.kill('SIGKILL');
  let lease: Awaited<ReturnType<Bus['tryLease']>>;
  for (let round = 0; lease === undefined && round < 50; round += 1) {
    await pause(250);
    lease = await agents.tryLease('LEASES', 'conversation');
  }
  assert.ok(lease);
  await lease.release();
  const again = await agents.tryLease('LEASES', 'conversation');
  assert.ok(again);
  assert.equal(again.lost.aborted, false);
});

test('a holder that can not reach the bus knows that its lease is lost', async () => {
  const agents = await real.connect('agents');
  const lease = await agents.tryLease('LEASES', 'unreachable');
  assert.ok(lease);
  await real.kill();
  await waitFor(() => lease.lost.aborted, patience);
  await real.restart();
  await waitFor(() => agents.isConnected, patience);
});
