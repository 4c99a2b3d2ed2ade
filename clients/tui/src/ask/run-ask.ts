import type { Environment } from '../settings/gateway-settings.ts';
import { gatewayUrl, readToken } from '../settings/gateway-settings.ts';
import { askExitCodes } from './exit-codes.ts';
import { readPipedText } from './read-piped-text.ts';

export interface AskOptions {
  readonly text: string;
  /** Address of the gateway; else `MOSAIC_URL`, else this machine. */
  readonly url?: string | undefined;
  /** Session token or API key; else `MOSAIC_TOKEN`, else the local owner's token file. */
  readonly token?: string | undefined;
  readonly model?: string | undefined;
  readonly agent?: string | undefined;
  /** Continue this conversation instead of opening a new one. */
  readonly conversation?: string | undefined;
  /** One JSON object per line: the events of the turn, then the finished message. */
  readonly json?: boolean | undefined;
  readonly env: Environment;
  /** Where more text may come from; read only when it is piped. */
  readonly stdin?: NodeJS.ReadStream | undefined;
}

/**
 * Asks one question: the answer streams to stdout, the routing line goes to stderr. Resolves with the
 * exit code: 0 answered, 1 failed, 2 bad usage, 3 not reachable, 4 not signed in, 5 a tool call needs a
 * person's approval.
 */
export async function runAsk(options: AskOptions): Promise<number> {
  const piped = await readPipedText(options.stdin ?? process.stdin, options.text !== '');
  const text = [options.text, piped].filter((part) => part.trim() !== '').join('\n\n');
  if (text === '') {
    process.stderr.write('Nothing to ask: give a text, or pipe one in. mosaic ask "<text>"\n');
    return askExitCodes.badUsage;
  }
  const { askOnce } = await import('./ask-once.ts');
  const stopping = new AbortController();
  // The first Ctrl+C stops the answer, the second one the program.
  process.once('SIGINT', () => stopping.abort());
  // Whoever reads us may have had enough (`| head`); the answer is kept in the conversation.
  process.stdout.on('error', () => {});
  return askOnce({
    signal: stopping.signal,
    url: options.url ?? gatewayUrl(options.env),
    readToken: () => readToken(options.token, options.env),
    draft: {
      text,
      ...(options.model === undefined || options.model === 'auto' ? {} : { model: options.model }),
      ...(options.agent === undefined ? {} : { agent: options.agent }),
    },
    conversation: options.conversation,
    isJson: options.json === true,
    write: (chunk) => process.stdout.write(chunk),
    tell: (line) => process.stderr.write(`${line}\n`),
  });
}
