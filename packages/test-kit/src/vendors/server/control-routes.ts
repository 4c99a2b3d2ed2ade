import type { IncomingMessage, ServerResponse } from 'node:http';
import { ZodError } from 'zod';
import type { Journal } from './journal.ts';
import type { ScriptQueue } from './script.ts';

export interface Controls {
  readonly journal: Journal;
  readonly scripts: ScriptQueue;
}

interface ControlRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: unknown;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function addScript({ scripts }: Controls, body: unknown): { status: number; body: unknown } {
  try {
    scripts.add(body);
    return { status: 201, body: { waiting: scripts.waiting } };
  } catch (thrown) {
    if (!(thrown instanceof ZodError)) throw thrown;
    return { status: 400, body: { error: thrown.issues } };
  }
}

/** A page in a browser can reach loopback by a name of its own; it must not read the journal. */
function isFromElsewhere({ headers }: IncomingMessage): boolean {
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  return headers.origin !== undefined || !['127.0.0.1', 'localhost', '[::1]'].includes(host);
}

/**
 * The routes by which tests of other processes read the journal and give scripts:
 * `GET|DELETE /__journal`, `GET|POST|DELETE /__script`. Returns false for any other path.
 */
export function handleControl(
  exchange: { readonly request: IncomingMessage; readonly response: ServerResponse },
  { method, url, body }: ControlRequest,
  controls: Controls,
): boolean {
  const { request, response } = exchange;
  if (url.pathname !== '/__journal' && url.pathname !== '/__script') return false;
  if (isFromElsewhere(request)) {
    send(response, 403, { error: 'only for programs on this machine' });
    return true;
  }
  const isJournal = url.pathname === '/__journal';
  if (method === 'DELETE') {
    if (isJournal) controls.journal.clear();
    else controls.scripts.clear();
    response.writeHead(204).end();
  } else if (method === 'GET') {
    send(
      response,
      200,
      isJournal ? controls.journal.entries : { waiting: controls.scripts.waiting },
    );
  } else if (method === 'POST' && !isJournal) {
    const result = addScript(controls, body);
    send(response, result.status, result.body);
  } else {
    send(response, 405, { error: `no ${method} here` });
  }
  return true;
}
