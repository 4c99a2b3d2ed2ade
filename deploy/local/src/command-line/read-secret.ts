import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { MosaicError } from '@mosaic/proto';

/** A secret is typed or piped in and never an argument: those stand in histories and process lists. */
export function readSecret(question: string): Promise<string> {
  return process.stdin.isTTY ? askUnseen(question) : text(process.stdin);
}

/** Asks at the terminal; what is typed or pasted is not shown. */
async function askUnseen(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  const { promise, reject } = Promise.withResolvers<never>();
  // Ctrl-C and Ctrl-D: without this the question would stay open for ever.
  const giveUp = () => reject(new MosaicError('cancelled', 'No key was given.'));
  lines.once('SIGINT', giveUp).once('close', giveUp);
  process.stderr.write(question);
  try {
    return await Promise.race([lines.question(''), promise]);
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
