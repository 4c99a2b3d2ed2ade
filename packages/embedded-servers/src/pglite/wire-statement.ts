import { createConnection } from 'node:net';

/** Where the database listens: a loopback port or a unix socket. */
export type PostgresAddress = { readonly port: number } | { readonly socketPath: string };

const PROTOCOL_3 = 196_608;
const READY_FOR_QUERY = 'Z';

function startupMessage(): Buffer {
  const parameters = Buffer.from('user\0postgres\0database\0postgres\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(parameters.length + 8, 0);
  head.writeInt32BE(PROTOCOL_3, 4);
  return Buffer.concat([head, parameters]);
}

function queryMessage(sql: string): Buffer {
  const text = Buffer.from(`${sql}\0`);
  const head = Buffer.alloc(5);
  head.write('Q');
  head.writeInt32BE(text.length + 4, 1);
  return Buffer.concat([head, text]);
}

/** The types of the whole messages in these bytes, and how many bytes they fill. */
function readMessageTypes(bytes: Buffer): { types: string[]; length: number } {
  const types: string[] = [];
  let length = 0;
  while (bytes.length - length >= 5) {
    const end = length + 1 + bytes.readInt32BE(length + 1);
    if (end > bytes.length) break;
    types.push(String.fromCharCode(bytes[length] ?? 0));
    length = end;
  }
  return { types, length };
}

/**
 * `refused`: the connection was closed or not accepted, as when all connections are taken.
 * `silent`: no answer in time.
 */
export type StatementOutcome = 'answered' | 'refused' | 'silent';

/**
 * Runs one statement on a connection of its own. Spoken by hand so that starting a database
 * needs no client library: what a watchdog must know is whether the socket, the queue behind it
 * and the database answer, not what.
 */
export function runStatement(
  address: PostgresAddress,
  statement: { sql: string; timeoutMs: number },
): Promise<StatementOutcome> {
  return new Promise((resolve) => {
    const at = 'port' in address ? { ...address, host: '127.0.0.1' } : { path: address.socketPath };
    const socket = createConnection(at);
    const finish = (outcome: StatementOutcome) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => finish('silent'), statement.timeoutMs);
    socket.once('error', () => finish('refused'));
    socket.once('close', () => finish('refused'));
    socket.write(startupMessage());
    let rest: Buffer = Buffer.alloc(0);
    let isStarted = false;
    socket.on('data', (chunk: Buffer) => {
      const bytes = Buffer.concat([rest, chunk]);
      const { types, length } = readMessageTypes(bytes);
      rest = bytes.subarray(length);
      if (!types.includes(READY_FOR_QUERY)) return;
      if (isStarted) return finish('answered');
      isStarted = true;
      socket.write(queryMessage(statement.sql));
    });
  });
}
