import { once } from 'node:events';
import { createServer } from 'node:http';
import { fixture } from '../vendor-cases.ts';

/** What a request gets: an answer, nothing ever, or a refusal with this status. */
export type Mood =
  | 'answer'
  | 'silence'
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly message?: string;
    };

export interface SeenRequest {
  readonly key: string;
  readonly model: string;
}

export interface MoodyServer {
  readonly url: string;
  /** Completion requests so far, in order; lists of models are not counted. */
  readonly requests: SeenRequest[];
  /** Decides about each completion request, and with model `list` about each list of models. */
  mood: (request: SeenRequest, number: number) => Mood;
  stop(): Promise<void>;
}

const text = fixture('anthropic', 'text');
const models = fixture('anthropic', 'models.json');

/** A real HTTP server that speaks Anthropic's format and refuses whom a test wants refused. */
export async function startMoodyServer(): Promise<MoodyServer> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request.setEncoding('utf8')) body += piece;
    const isList = request.method === 'GET';
    const { authorization, 'x-api-key': bare } = request.headers;
    const key = String(bare ?? authorization?.replace('Bearer ', ''));
    const model = isList ? 'list' : String(JSON.parse(body).model);
    if (!isList) moody.requests.push({ key, model });
    const mood = moody.mood({ key, model }, moody.requests.length);
    if (mood === 'answer') {
      const type = isList ? 'application/json' : 'text/event-stream';
      response.writeHead(200, { 'content-type': type }).end(isList ? models : text);
      return;
    }
    if (mood === 'silence') return;
    const { status, headers, message = `status ${status}` } = mood;
    const error = { type: 'error', error: { type: 'api_error', message } };
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const moody: MoodyServer = {
    url: `http://127.0.0.1:${address.port}`,
    requests: [],
    mood: () => 'answer',
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return moody;
}
