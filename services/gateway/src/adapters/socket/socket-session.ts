import type { IncomingHttpHeaders } from 'node:http';
import {
  answerApproval,
  type ClientFrame,
  cancelTurn,
  MosaicError,
  maxMessageChars,
  socketProtocolVersion,
  toMosaicError,
} from '@mosaic/proto';
import type { Bus, Logger, SignedCaller } from '@mosaic/service-kit';
import { errorBody } from '../../app/error-body.ts';
import { viaOf } from '../../app/socket/client-name.ts';
import { readClientFrame } from '../../app/socket/read-client-frame.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import { type Credential, readCredential } from '../auth/read-credential.ts';
import { readHead, tokensOf } from '../conversations/conversation-log.ts';
import type { Follow, Shown } from '../conversations/follow-conversation.ts';
import type { Sender } from '../conversations/send-message.ts';
import { comesFromElsewhere } from '../http/same-origin.ts';
import { makeTrace, traceIdOf } from '../http/visit.ts';
import type { SocketOutlet } from './socket-outlet.ts';

export const tickMs = 15_000;
const maxFollowed = 200;

export interface SocketParts {
  readonly bus: Bus;
  readonly log: Logger;
  readonly authenticator: Authenticator;
  readonly follow: Follow;
  readonly sender: Sender;
  readonly isDemo: boolean;
}

type FrameOf<Type extends ClientFrame['type']> = Extract<ClientFrame, { type: Type }>;

interface Visitor {
  readonly caller: SignedCaller;
  readonly credential: Credential;
}

/** One client on the socket: says hello, follows conversations, sends messages. */
export class SocketSession {
  readonly #parts: SocketParts;
  readonly #outlet: SocketOutlet;
  readonly #headers: IncomingHttpHeaders;
  readonly #followed = new Map<string, AbortController>();
  #visitor: Visitor | undefined;
  /** Frames are handled one after the other, so that a `send` never overtakes the `hello`. */
  #queue: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(parts: SocketParts, outlet: SocketOutlet, headers: IncomingHttpHeaders) {
    this.#parts = parts;
    this.#outlet = outlet;
    this.#headers = headers;
  }

  get hasSaidHello(): boolean {
    return this.#visitor !== undefined;
  }

  /** Sends away a client that has not said who it is. */
  giveUpWaiting(): void {
    if (this.#visitor !== undefined) return;
    this.#sendAway(new MosaicError('unauthenticated', 'The client did not say hello in time.'));
  }

  /** Takes what the client sent; never throws. */
  hear(text: string): void {
    const read = readClientFrame(text);
    this.#queue = this.#queue.then(async () => {
      if (this.#isClosed) return;
      if ('error' in read) return this.#refuse(read.error, read.about);
      const trace = makeTrace();
      await this.#handle(read.frame, trace).catch((thrown: unknown) =>
        this.#refuse(toMosaicError(thrown), aboutOf(read.frame), trace),
      );
    });
  }

  /** The client left: everything that was read for it ends; running turns go on. */
  close(): void {
    this.#isClosed = true;
    for (const following of this.#followed.values()) following.abort();
    this.#followed.clear();
  }

  /** Sends away a client whose session or key is not valid any more. */
  async recheck(): Promise<void> {
    if (this.#visitor === undefined) return;
    try {
      await this.#parts.authenticator.identify(this.#visitor.credential);
    } catch (thrown) {
      const error = toMosaicError(thrown);
      if (error.code === 'unauthenticated') this.#sendAway(error);
    }
  }

  async #handle(frame: ClientFrame, trace: string): Promise<void> {
    if (frame.type === 'hello') return await this.#greet(frame);
    if (frame.type === 'ping') return this.#outlet.send({ type: 'pong', id: frame.id });
    const visitor = this.#visitor;
    if (visitor === undefined) throw new MosaicError('unauthenticated', 'Say hello first.');
    switch (frame.type) {
      case 'subscribe':
        return this.#follow(visitor.caller, frame);
      case 'unsubscribe':
        this.#followed.get(frame.conversationId)?.abort();
        this.#followed.delete(frame.conversationId);
        return;
      case 'send':
        return await this.#send(visitor.caller, frame, trace);
      case 'cancel':
        return await this.#cancel(visitor.caller, frame, trace);
      case 'answer-approval': {
        const { type: _type, ...answer } = frame;
        await this.#parts.bus.call(answerApproval, answer, { caller: visitor.caller, trace });
        return;
      }
      default:
        return frame satisfies never;
    }
  }

  async #greet(frame: FrameOf<'hello'>): Promise<void> {
    if (this.#visitor !== undefined)
      throw new MosaicError('bad_request', 'Hello was said already.');
    const { authenticator, isDemo } = this.#parts;
    const credential = this.#credentialOf(frame);
    try {
      const person = await authenticator.identify(credential);
      if (credential === undefined) return;
      this.#visitor = { credential, caller: authenticator.callerOf(person, viaOf(frame.client)) };
      this.#outlet.send({
        type: 'welcome',
        protocol: socketProtocolVersion,
        user: { id: person.userId, name: person.name, role: person.role },
        tickMs,
        maxMessageChars,
        isDemo,
      });
    } catch (thrown) {
      this.#sendAway(toMosaicError(thrown));
    }
  }

  /** A browser sends cookies whatever page opens the socket: only those of our own page count. */
  #credentialOf({ token }: FrameOf<'hello'>): Credential | undefined {
    if (token !== undefined) return { kind: 'bearer', token };
    const credential = readCredential(this.#headers);
    const isForged = credential?.kind === 'cookie' && comesFromElsewhere(this.#headers);
    return isForged ? undefined : credential;
  }

  #follow(caller: SignedCaller, { after, conversationId }: FrameOf<'subscribe'>): void {
    this.#followed.get(conversationId)?.abort();
    if (this.#followed.size >= maxFollowed && !this.#followed.has(conversationId)) {
      throw new MosaicError('rate_limited', `At most ${maxFollowed} conversations on one socket.`);
    }
    const control = new AbortController();
    this.#followed.set(conversationId, control);
    const { signal } = control;
    const show = (shown: Shown) => {
      const isMarker = shown.type === 'live';
      this.#outlet.send(isMarker ? { ...shown, conversationId } : shown);
    };
    this.#parts.follow({ caller, conversationId, after, show, signal }).catch((thrown: unknown) => {
      if (signal.aborted) return;
      this.#followed.delete(conversationId);
      this.#refuse(toMosaicError(thrown), conversationId);
    });
  }

  async #send(caller: SignedCaller, frame: FrameOf<'send'>, trace: string): Promise<void> {
    const { type: _type, ...message } = frame;
    const { conversationId, messageId } = await this.#parts.sender.send(caller, message, trace);
    this.#outlet.send({ type: 'accepted', conversationId, messageId });
  }

  async #cancel(caller: SignedCaller, frame: FrameOf<'cancel'>, trace: string): Promise<void> {
    const { conversationId, run } = frame;
    const { bus } = this.#parts;
    await readHead(bus, caller, conversationId);
    const fact = { conversationId, ...(run === undefined ? {} : { run }) };
    await bus.publish(cancelTurn, fact, {
      tokens: tokensOf(caller, conversationId),
      caller,
      trace,
    });
  }

  #sendAway(error: MosaicError): void {
    this.#refuse(error);
    const isOurs = error.code !== 'unauthenticated';
    this.#outlet.close(isOurs ? 'tryAgain' : 'unauthenticated', error.code);
    this.close();
  }

  #refuse(error: MosaicError, about?: string, trace?: string): void {
    if (error.status >= 500) {
      this.#parts.log.error({ err: error.cause ?? error, code: error.code }, 'a frame failed');
    }
    const body = errorBody(error, trace === undefined ? undefined : traceIdOf(trace));
    this.#outlet.send({ type: 'error', ...(about === undefined ? {} : { about }), ...body });
  }
}

function aboutOf(frame: ClientFrame): string | undefined {
  if ('messageId' in frame) return frame.messageId;
  if ('callId' in frame) return frame.callId;
  if ('conversationId' in frame) return frame.conversationId;
  return undefined;
}
