import { bridgeInboxPrefix, inboxPrefix, MosaicError } from '@mosaic/proto';
import {
  type Authenticator,
  AuthorizationError,
  connect,
  credsAuthenticator,
  type NatsConnection,
} from '@nats-io/transport-node';

export interface ConnectionChoices {
  /** `nats://host:port`, several of a cluster with commas between. */
  readonly url: string;
  /** Shown by the server's monitoring. */
  readonly name: string;
  readonly inboxPrefix: string;
  /** Text of a credentials file; left out only where the server asks for none. */
  readonly credentials?: string | undefined;
  /** How long to try for the first connection. */
  readonly timeoutMs: number;
}

const pauseMs = 200;

/** The private inbox prefix that a principal's credentials allow. */
export function inboxPrefixFor(principal: string): string {
  const channelId = /^bridge-(.+)$/.exec(principal)?.[1];
  return channelId === undefined ? inboxPrefix(principal) : bridgeInboxPrefix(channelId);
}

/**
 * Opens a connection that comes back by itself for ever. Throws unauthenticated when the server
 * refuses the credentials, service_unavailable when none answers in time.
 */
export async function openConnection(choices: ConnectionChoices): Promise<NatsConnection> {
  const deadline = Date.now() + choices.timeoutMs;
  const { credentials } = choices;
  const proof = credentials === undefined ? {} : { authenticator: authenticatorFor(credentials) };
  for (;;) {
    try {
      const timeoutMs = Math.max(500, deadline - Date.now());
      return await connect({ ...connectOptions(choices, timeoutMs), ...proof });
    } catch (cause) {
      if (cause instanceof AuthorizationError && !cameTooLate(cause)) {
        throw new MosaicError('unauthenticated', 'The bus refuses the credentials.', { cause });
      }
      if (Date.now() + pauseMs >= deadline) {
        throw new MosaicError('service_unavailable', `No bus answers at ${choices.url}.`, {
          cause,
        });
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

/**
 * A server waits two seconds for the credentials unless its configuration says more, as ours does. On a
 * busy machine they come later, and the library, which has only the server's text, calls that refused.
 */
function cameTooLate(refused: AuthorizationError): boolean {
  return /authentication timeout/i.test(refused.message);
}

function connectOptions(choices: ConnectionChoices, timeoutMs: number) {
  return {
    servers: choices.url.split(',').map((one) => one.trim()),
    name: choices.name,
    inboxPrefix: choices.inboxPrefix,
    timeout: Math.min(timeoutMs, 5_000),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 200,
    reconnectJitter: 200,
    // The default of two minutes notices a half-open link minutes late.
    pingInterval: 10_000,
    ignoreAuthErrorAbort: true,
    // Stack traces for every request cost more than the request.
    noAsyncTraces: true,
  };
}

/** Throws unauthenticated when the text is not that of a credentials file. */
function authenticatorFor(text: string): Authenticator {
  // A setting read from a file has lost its last line end, without which the client finds no key.
  const authenticate = credsAuthenticator(new TextEncoder().encode(`${text.trimEnd()}\n`));
  try {
    authenticate();
  } catch (cause) {
    const sentence = 'The credentials for the bus are not the text of a credentials file.';
    throw new MosaicError('unauthenticated', sentence, { cause });
  }
  return authenticate;
}
