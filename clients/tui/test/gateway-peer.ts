import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Agent,
  type ClientFrame,
  type ConversationEvent,
  type ConversationSummary,
  clientFrameSchema,
  createConversationBody,
  type ErrorCode,
  giveFeedback,
  type LiveDelta,
  type ModelCard,
  makeId,
  type ReplyOf,
  type RequestOf,
  type ServerFrame,
  serverFrameSchema,
  socketProtocolVersion,
  terminalEventTypes,
  updateConversationBody,
} from '@mosaic/proto';
import { type WebSocket, WebSocketServer } from 'ws';
import {
  exampleLimits,
  exampleMemories,
  exampleRules,
  exampleTools,
  exampleUsageReport,
} from './example-replies.ts';

export const peerToken = 'a-token-of-the-test';

/** What a test adds to an event; the envelope is the peer's. */
export type EventBody = ConversationEvent extends infer Event
  ? Event extends ConversationEvent
    ? Omit<Event, 'conversationId' | 'seq' | 'at'>
    : never
  : never;

export interface PeerOptions {
  readonly models?: readonly ModelCard[];
  readonly agents?: readonly Agent[];
  readonly isDemo?: boolean;
  readonly tickMs?: number;
  readonly port?: number;
  /** Called with every frame of a client after the peer's own handling. */
  readonly onFrame?: (frame: ClientFrame, peer: GatewayPeer) => void;
}

/**
 * The other end of the wire: a real http and ws server that speaks the gateway's schemas and keeps
 * conversations in memory. What it answers is up to the test.
 */
export class GatewayPeer {
  readonly received: ClientFrame[] = [];
  readonly requests: string[] = [];
  /** What was said about routes. */
  readonly feedback: RequestOf<typeof giveFeedback>[] = [];
  readonly #options: PeerOptions;
  readonly #logs = new Map<string, ConversationEvent[]>();
  readonly #sockets = new Map<WebSocket, Set<string>>();
  readonly #accepted = new Set<string>();
  readonly #http = createServer((request, response) => void this.#serve(request, response));
  readonly #ws = new WebSocketServer({ server: this.#http, path: '/ws' });
  /** While true, `send` frames are heard and not answered. */
  isDeaf = false;

  constructor(options: PeerOptions = {}) {
    this.#options = options;
    this.#ws.on('connection', (socket, request) => this.#greet(socket, request));
  }

  async listen(): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#http.listen(this.#options.port ?? 0, '127.0.0.1', resolve);
    await promise;
    return this.url;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#ws.close();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#http.close(() => resolve());
    this.#http.closeAllConnections();
    await promise;
  }

  /** Ends every socket the way a cable does. */
  cut(): void {
    for (const socket of this.#sockets.keys()) socket.terminate();
  }

  /** Ends every socket with a code of the protocol. */
  closeAll(code: number): void {
    for (const socket of this.#sockets.keys()) socket.close(code);
  }

  log(conversationId: string): ConversationEvent[] {
    const log = this.#logs.get(conversationId) ?? [];
    this.#logs.set(conversationId, log);
    return log;
  }

  /** Appends to the log and tells everybody who listens, unless `isSilent`. */
  append(conversationId: string, body: EventBody, isSilent = false): ConversationEvent {
    const log = this.log(conversationId);
    const envelope = { conversationId, seq: log.length + 1, at: '2026-01-02T03:04:05.678Z' };
    const event = { ...body, ...envelope } as ConversationEvent;
    log.push(event);
    if (!isSilent) this.publish(conversationId, { type: 'event', event });
    return event;
  }

  delta(delta: LiveDelta): void {
    this.publish(delta.conversationId, { type: 'delta', delta });
  }

  publish(conversationId: string, frame: ServerFrame): void {
    for (const [socket, subscribed] of this.#sockets) {
      if (subscribed.has(conversationId)) write(socket, frame);
    }
  }

  framesOf<Type extends ClientFrame['type']>(type: Type): Extract<ClientFrame, { type: Type }>[] {
    return this.received.filter(
      (frame): frame is Extract<ClientFrame, { type: Type }> => frame.type === type,
    );
  }

  #greet(socket: WebSocket, _request: IncomingMessage): void {
    this.#sockets.set(socket, new Set());
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    socket.on('message', (data) => {
      const frame = clientFrameSchema.parse(JSON.parse(String(data)));
      this.received.push(frame);
      this.#answer(socket, frame);
      this.#options.onFrame?.(frame, this);
    });
  }

  #answer(socket: WebSocket, frame: ClientFrame): void {
    if (frame.type === 'hello') {
      if (frame.token === peerToken) write(socket, this.#welcome());
      else {
        write(socket, errorFrame('unauthenticated', 'Sign in.'));
        socket.close(1008);
      }
    }
    if (frame.type === 'subscribe') this.#replay(socket, frame.conversationId, frame.after);
    if (frame.type === 'unsubscribe') this.#sockets.get(socket)?.delete(frame.conversationId);
    if (frame.type === 'send' && !this.isDeaf) this.#accept(socket, frame);
  }

  #welcome(): ServerFrame {
    return {
      type: 'welcome',
      protocol: socketProtocolVersion,
      user: { id: 'owner', name: 'Owner', role: 'admin' },
      tickMs: this.#options.tickMs ?? 15_000,
      maxMessageChars: 400_000,
      isDemo: this.#options.isDemo ?? false,
    };
  }

  #replay(socket: WebSocket, conversationId: string, after: number): void {
    const log = this.#logs.get(conversationId);
    if (log === undefined) {
      write(socket, errorFrame('not_found', 'There is no such conversation.', conversationId));
      return;
    }
    for (const event of log.slice(after)) write(socket, { type: 'event', event });
    write(socket, { type: 'live', conversationId, head: log.length });
    this.#sockets.get(socket)?.add(conversationId);
  }

  #accept(socket: WebSocket, frame: Extract<ClientFrame, { type: 'send' }>): void {
    const { conversationId, messageId, text } = frame;
    write(socket, { type: 'accepted', conversationId, messageId });
    if (this.#accepted.has(messageId)) return;
    this.#accepted.add(messageId);
    const run = frame.mode === 'steer' ? this.#runningRun(conversationId) : undefined;
    const joins = run === undefined ? {} : { joins: run };
    this.append(conversationId, { type: 'message.added', messageId, text, ...joins });
  }

  /** The run that a steering message joins. */
  #runningRun(conversationId: string): string | undefined {
    const last = this.log(conversationId).findLast((event) => 'run' in event);
    if (last === undefined || !('run' in last)) return undefined;
    const hasEnded = terminalEventTypes.some((type) => type === last.type);
    return hasEnded ? undefined : last.run;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const route = `${request.method} ${request.url}`;
    this.requests.push(`${route} ${text}`.trim());
    const reply = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.headers.authorization !== `Bearer ${peerToken}`) {
      reply(401, { error: { code: 'unauthenticated', message: 'Sign in.' } });
      return;
    }
    const exported = /\/export\?format=(\w+)$/.exec(route)?.[1];
    if (exported !== undefined) response.end(`# exported as ${exported}`);
    else reply(200, this.#route(route, text === '' ? {} : JSON.parse(text)));
  }

  #feedback(body: unknown): ReplyOf<typeof giveFeedback> {
    const given = giveFeedback.request.parse(body);
    this.feedback.push(given);
    const was = { model: 'anthropic/claude-haiku-4-5', rule: 'chat', next: null };
    const kept = { id: makeId(), at: '2026-01-02T03:04:05.678Z', words: '' };
    const decided = { ...was, task: 'chat' as const, complexity: 'simple' as const };
    const { task = null, model = null } = given;
    return { feedback: { ...given, ...kept, task, model, was: decided }, suggestions: [] };
  }

  #route(route: string, body: unknown): unknown {
    if (route.startsWith('GET /api/models')) return { models: this.#options.models ?? [] };
    if (route.startsWith('GET /api/agents')) return { agents: this.#options.agents ?? [] };
    if (route === 'POST /api/routing/feedback') return this.#feedback(body);
    const known = answerOther(route, body);
    if (known !== undefined) return known;
    if (route.startsWith('GET /api/conversations/search')) return { hits: [] };
    if (route.startsWith('GET /api/conversations')) return this.#list();
    if (route === 'POST /api/conversations') {
      const { id = '' } = createConversationBody.parse(body);
      this.create(id);
      return { id };
    }
    const forked = /^POST \/api\/conversations\/(\S+)\/fork$/.exec(route)?.[1];
    if (forked !== undefined)
      return this.#fork(forked, createConversationBody.parse(body).id ?? '');
    const id = /^PATCH \/api\/conversations\/(\S+)$/.exec(route)?.[1] ?? '';
    const { model, agent } = updateConversationBody.parse(body);
    if (model !== undefined) this.append(id, { type: 'conversation.model-pinned', model });
    if (agent !== undefined) this.append(id, { type: 'conversation.agent-changed', agent });
    return { id };
  }

  #fork(id: string, forkId: string): unknown {
    for (const event of this.log(id)) this.append(forkId, event);
    return { id: forkId };
  }

  create(id: string): void {
    if (this.log(id).length > 0) return;
    const fresh = { title: null, agent: 'assistant', model: null };
    this.append(id, { type: 'conversation.created', ...fresh });
  }

  #list(): { conversations: ConversationSummary[]; nextCursor: null } {
    const conversations = [...this.#logs].map(([id, log]) => ({
      id,
      title: `conversation ${id.slice(0, 4)}`,
      agent: 'assistant',
      model: null,
      messageCount: log.filter((event) => event.type === 'message.added').length,
      ...{ isPinned: false, isArchived: false, isIncognito: false, tags: [] },
      seq: log.length,
      createdAt: '2026-01-02T03:04:05.678Z',
      updatedAt: '2026-01-02T03:04:05.678Z',
    }));
    return { conversations, nextCursor: null };
  }
}

/** Routes whose answers are always the same. */
function answerOther(route: string, body: unknown): unknown {
  if (route.startsWith('GET /api/usage/limits')) return exampleLimits;
  if (route.startsWith('GET /api/usage')) return exampleUsageReport;
  if (route.startsWith('GET /api/routing/rules/effective')) return exampleRules;
  const toolsOf = /^GET \/api\/tools\?agent=(.*)$/.exec(route)?.[1];
  if (toolsOf !== undefined) return { ...exampleTools, agent: toolsOf };
  if (route === 'GET /api/memory?limit=200') return exampleMemories;
  if (route === 'POST /api/memory') return { ...exampleMemories.memories[0], isNew: true };
  if (route.startsWith('DELETE /api/memory/')) return { removed: 1 };
  if (!/^(?:POST|PATCH) \/api\/agents/.test(route)) return undefined;
  const draft = { description: '', systemPrompt: '', model: null, tools: [], scope: 'user' };
  return { agent: { name: 'pirate', ...draft, ...(body as object) } };
}

function write(socket: WebSocket, frame: ServerFrame): void {
  socket.send(JSON.stringify(serverFrameSchema.parse(frame)));
}

function errorFrame(code: ErrorCode, message: string, about?: string): ServerFrame {
  return { type: 'error', ...(about === undefined ? {} : { about }), error: { code, message } };
}
