import { bridgeInboxPrefix, inboxPrefix, MosaicError } from '@mosaic/proto';
import {
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
  for (;;) {
    try {
      return await connect(connectOptions(choices, Math.max(500, deadline - Date.now())));
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

/** A server gives two seconds for signing in: too few where a busy machine loads a service. */
function cameTooLate(refusal: AuthorizationError): boolean {
  return /authentication timeout/i.test(refusal.message);
}

function connectOptions(choices: ConnectionChoices, timeoutMs: number) {
  const { credentials } = choices;
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
    ...(credentials === undefined
      ? {}
      : { authenticator: credsAuthenticator(credentialsBytes(credentials)) }),
  };
}

/** A setting read from a file has lost its last line end, without which the client finds no key. */
function credentialsBytes(text: string): Uint8Array {
  return new TextEncoder().encode(`${text.trimEnd()}\n`);
}
