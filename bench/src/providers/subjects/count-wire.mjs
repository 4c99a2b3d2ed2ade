// Loaded before the services: counts what they write to NATS, PostgreSQL and Redis, by kind, and writes
// the counts to COUNT_FILE at SIGUSR2. Counts are exact on a busy machine too, where times are not.
import { writeFileSync } from 'node:fs';
import { Socket } from 'node:net';

const counts = new Map();
const count = (what) => counts.set(what, (counts.get(what) ?? 0) + 1);
/** What each connection speaks, and the part of a message that is not complete yet. */
const connections = new WeakMap();

const sslRequest = 80_877_103;
const protocol3 = 196_608;

function kindOf(bytes) {
  const text = bytes.toString('latin1', 0, 16);
  if (text.startsWith('CONNECT {')) return 'nats';
  if (/^\*\d+\r\n/.test(text)) return 'redis';
  const code = bytes.length >= 8 ? bytes.readUInt32BE(4) : 0;
  return code === protocol3 || code === sslRequest ? 'postgres' : 'other';
}

/** Reads whole messages off the front and answers what is left; NATS: a line, PUB and HPUB with a body. */
function readNats(bytes) {
  for (;;) {
    const end = bytes.indexOf('\r\n');
    if (end < 0) return bytes;
    const words = bytes.toString('latin1', 0, end).split(' ');
    const hasBody = words[0] === 'PUB' || words[0] === 'HPUB';
    const size = hasBody ? end + 2 + Number(words.at(-1)) + 2 : end + 2;
    if (bytes.length < size) return bytes;
    if (hasBody) count(`NATS ${general(words[1])}`);
    bytes = bytes.subarray(size);
  }
}

/** A subject without what is different each time. */
function general(subject) {
  if (subject.startsWith('_INBOX')) return 'answers and parts of streams';
  if (subject.startsWith('$JS.ACK')) return 'acknowledgements';
  if (subject.startsWith('$JS.API.CONSUMER.MSG.NEXT')) return 'pulls';
  return subject
    .split('.')
    .filter((token) => token.length < 20)
    .join('.');
}

/** PostgreSQL: one letter and a length; Q is a text of statements, P one statement with parameters. */
function readPostgres(bytes) {
  while (bytes.length >= 5 && bytes.length > bytes.readUInt32BE(1)) {
    const size = 1 + bytes.readUInt32BE(1);
    const letter = String.fromCharCode(bytes[0]);
    if (letter === 'Q' || letter === 'P') {
      const words = bytes.toString('utf8', 5, Math.min(size, 60)).replaceAll('\0', '').trimStart();
      count(`SQL ${words.split(/[\s;]/)[0]}`);
    }
    bytes = bytes.subarray(size);
  }
  return bytes;
}

const readers = {
  nats: readNats,
  postgres: readPostgres,
  redis(bytes) {
    for (const _ of bytes.toString('latin1').matchAll(/\*\d+\r\n\$/g)) count('Redis commands');
    return Buffer.alloc(0);
  },
};

function see(socket, bytes) {
  const known = connections.get(socket);
  const connection = known ?? { kind: kindOf(bytes), rest: Buffer.alloc(0) };
  connections.set(socket, connection);
  const read = readers[connection.kind];
  if (read === undefined) return;
  count(`writes to ${connection.kind}`);
  // PostgreSQL's first message has no letter.
  if (known === undefined && connection.kind === 'postgres') return;
  connection.rest = read(Buffer.concat([connection.rest, bytes]));
}

const { _write, _writev } = Socket.prototype;
const bytesOf = (chunk, encoding) =>
  typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk);
Socket.prototype._write = function write(chunk, encoding, done) {
  see(this, bytesOf(chunk, encoding));
  return _write.call(this, chunk, encoding, done);
};
Socket.prototype._writev = function writev(chunks, done) {
  see(this, Buffer.concat(chunks.map(({ chunk, encoding }) => bytesOf(chunk, encoding))));
  return _writev.call(this, chunks, done);
};

process.on('SIGUSR2', () => {
  writeFileSync(process.env['COUNT_FILE'], JSON.stringify(Object.fromEntries(counts)));
});
