import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import {
  type CompletionEndpoint,
  type Dialect,
  type Endpoint,
  type Exchange,
  type Failure,
  isFailure,
  type WireAnswer,
} from '../wire/dialect.ts';
import { asText, type JsonRecord } from '../wire/loose-json.ts';
import type { Fault } from './fault.ts';
import { type Playback, type PlaybackOptions, planPlayback } from './plan-playback.ts';
import type { Script, ScriptQueue } from './script.ts';
import { simulateAnswer } from './simulate-answer.ts';

/** A request behind its vendor's prefix, body parsed. */
export interface VendorRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: JsonRecord;
}

export interface AnswerOptions {
  readonly scripts: ScriptQueue;
  readonly paceMs: number;
}

/** What a request gets: an answer to play, or nothing ever. */
export interface Reaction {
  readonly playback: Playback | undefined;
  readonly delayMs: number;
}

/** Keys that begin so are taken by no vendor, for everybody who wants to see what happens then. */
const REFUSED_KEYS = 'bad-key';

function findEndpoint(dialect: Dialect, { method, url }: VendorRequest): Endpoint | undefined {
  return dialect.endpoints.find(
    ({ method: wanted, path }) =>
      wanted === method &&
      (typeof path === 'string' ? path === url.pathname : path.test(url.pathname)),
  );
}

function needsKey(endpoint: Endpoint | undefined): boolean {
  if (endpoint === undefined || endpoint.purpose === 'completion') return true;
  return endpoint.needsKey ?? endpoint.purpose !== 'other';
}

function findKeyProblem(dialect: Dialect, headers: IncomingHttpHeaders): Failure | undefined {
  const key = dialect.readKey(headers);
  if (key === undefined) return { kind: 'missing-key' };
  return key?.startsWith(REFUSED_KEYS) ? { kind: 'bad-key', key } : undefined;
}

interface Turn {
  readonly dialect: Dialect;
  readonly asked: VendorRequest;
  readonly script: Script | undefined;
  readonly id: string;
}

function complete(
  { dialect, asked, script, id }: Turn,
  endpoint: CompletionEndpoint,
): { exchange: Exchange } | Failure {
  const request = endpoint.read(asked.body, asked.headers);
  if (isFailure(request)) return request;
  const { model } = request;
  if (!dialect.knowsModel(model)) return { kind: 'unknown-model', model };
  const answer = simulateAnswer(request, { vendor: dialect.vendor, id, script });
  return { exchange: { id, model, request, answer, createdAt: new Date() } };
}

type InsteadOfAnAnswer = Extract<Fault, { kind: 'status' | 'error-document' | 'html-page' }>;

function isInstead(fault: Fault): fault is InsteadOfAnAnswer {
  return ['status', 'error-document', 'html-page'].includes(fault.kind);
}

function insteadOfAnswer(fault: InsteadOfAnAnswer, { dialect, asked, id }: Turn): WireAnswer {
  if (fault.kind === 'html-page') return writePage(fault);
  const { status, code, message } = fault;
  const failure: Failure = {
    kind: 'status',
    status,
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
  };
  const answer = dialect.writeFailure(failure, { id, model: asText(asked.body['model']) });
  if (fault.kind === 'error-document') return { ...answer, status: 200 };
  const { retryAfterSeconds } = fault;
  const retryAfter =
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  return { ...answer, headers: { ...answer.headers, ...retryAfter, ...fault.headers } };
}

function writePage({ status, title }: Fault & { kind: 'html-page' }): WireAnswer {
  const text = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
  const headers = { 'content-type': 'text/html; charset=utf-8' };
  return { status, headers, chunks: [{ part: 'content', text }] };
}

function writeAnswer(
  turn: Turn,
  endpoint: Endpoint | undefined,
): { answer: WireAnswer; writeStreamFailure?: PlaybackOptions['writeStreamFailure'] } {
  const { dialect, asked, id } = turn;
  const context = { id, model: asText(asked.body['model']) };
  const refuse = (failure: Failure) => ({ answer: dialect.writeFailure(failure, context) });
  const fault = turn.script?.fault?.find(isInstead);
  if (fault) return { answer: insteadOfAnswer(fault, turn) };
  if (endpoint === undefined) {
    return refuse({ kind: 'unknown-path', method: asked.method, path: asked.url.pathname });
  }
  if (endpoint.purpose !== 'completion') {
    const answer = endpoint.answer({ url: asked.url, body: asked.body });
    return isFailure(answer) ? refuse(answer) : { answer };
  }
  const completed = complete(turn, endpoint);
  if (isFailure(completed)) return refuse(completed);
  const { exchange } = completed;
  return {
    answer: endpoint.write(exchange),
    writeStreamFailure: (failure, sent) => endpoint.writeStreamFailure(failure, exchange, sent),
  };
}

/** Decides what one request to one vendor gets. Takes a matching script off the queue. */
export function answerRequest(
  dialect: Dialect,
  asked: VendorRequest,
  { scripts, paceMs }: AnswerOptions,
): Reaction {
  const id = randomBytes(16).toString('hex');
  const endpoint = findEndpoint(dialect, asked);
  const model = asText(asked.body['model']);
  const problem = needsKey(endpoint) ? findKeyProblem(dialect, asked.headers) : undefined;
  if (problem !== undefined) {
    const answer = dialect.writeFailure(problem, { id, model });
    const options = { faults: [], paceMs: 0, writeStreamFailure: () => [] };
    return { playback: planPlayback(answer, options), delayMs: 0 };
  }
  const script = scripts.take({
    vendor: dialect.vendor,
    model,
    endpoint: endpoint?.purpose ?? 'other',
  });
  const faults = script?.fault ?? [];
  const delayMs = script?.delayMs ?? 0;
  if (faults.some(({ kind }) => kind === 'hang-before-headers')) {
    return { playback: undefined, delayMs };
  }
  const turn = { dialect, asked, script, id };
  const { answer, writeStreamFailure = () => [] } = writeAnswer(turn, endpoint);
  const pace = script?.paceMs ?? paceMs;
  const options = { faults, paceMs: pace, holdAfter: script?.holdAfter, writeStreamFailure };
  return { playback: planPlayback(answer, options), delayMs };
}
