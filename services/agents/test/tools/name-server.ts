import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import type { Resolve } from '../../src/tools/web/fetch-target.ts';

/** A real name server on this machine whose answers the test decides. */
export interface NameServer {
  /** How often each name was asked for. */
  readonly asked: Map<string, number>;
  /** Each question takes the next address of the list; the last one stays. */
  answer(name: string, ...addresses: readonly string[]): void;
  readonly resolve: Resolve;
  /** Host and port. */
  readonly address: string;
  stop(): void;
}

export async function startNameServer(): Promise<NameServer> {
  const answers = new Map<string, string[]>();
  const asked = new Map<string, number>();
  const socket = createSocket('udp4');
  socket.on('message', (question, from) => {
    const name = readName(question);
    asked.set(name, (asked.get(name) ?? 0) + 1);
    const left = answers.get(name) ?? [];
    const address = left.length > 1 ? left.shift() : left[0];
    socket.send(answerTo(question, address), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const resolver = new Resolver({ tries: 1, timeout: 60_000 });
  const address = `127.0.0.1:${socket.address().port}`;
  resolver.setServers([address]);
  return {
    address,
    asked,
    answer: (name, ...addresses) => answers.set(name, [...addresses]),
    resolve: (host) => resolver.resolve4(host),
    stop: () => socket.close(),
  };
}

function readName(question: Buffer): string {
  const labels: string[] = [];
  for (let at = 12; ; ) {
    const length = question.readUInt8(at);
    if (length === 0) return labels.join('.').toLowerCase();
    labels.push(question.subarray(at + 1, at + 1 + length).toString('latin1'));
    at += 1 + length;
  }
}

/** RFC 1035: the question again, and one A record that points to its name and lives for 0 s. */
function answerTo(question: Buffer, address: string | undefined): Buffer {
  const header = Buffer.from(question.subarray(0, 12));
  header.writeUInt16BE(address === undefined ? 0x8183 : 0x8180, 2);
  header.writeUInt16BE(address === undefined ? 0 : 1, 6);
  header.writeUInt16BE(0, 8);
  header.writeUInt16BE(0, 10);
  const end = question.indexOf(0, 12) + 5;
  const asked = question.subarray(12, end);
  if (address === undefined) return Buffer.concat([header, asked]);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
  return Buffer.concat([header, asked, record, Buffer.from(address.split('.').map(Number))]);
}
