import { codeOfStatus, MosaicError } from '@mosaic/proto';
import { fromNodeHeaders } from 'better-auth/node';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { Accounts } from '../adapters/auth/accounts.ts';
import type { Authenticator } from '../adapters/auth/authenticator.ts';
import { comesFromElsewhere } from '../adapters/http/same-origin.ts';
import { traceIdOf, traceOf } from '../adapters/http/visit.ts';
import { Attempts, signInLimit, signUpLimit } from '../app/sign-in-attempts.ts';
import type { GatewayConfig } from '../settings.ts';

export interface AccountRouteParts {
  readonly accounts: Accounts;
  readonly authenticator: Authenticator;
  readonly config: Pick<GatewayConfig, 'signUp'>;
}

/** `/api/auth/*`: better-auth's own routes; its errors take our form and keep their status. */
export function accountRoutes(parts: AccountRouteParts): Router {
  const router = Router();
  const signIns = new Attempts(signInLimit);
  const signUps = new Attempts(signUpLimit);
  router.use(async (request, response) => {
    const isChange = request.method !== 'GET' && request.method !== 'HEAD';
    if (isChange && comesFromElsewhere(request.headers)) {
      throw new MosaicError('forbidden', 'This request comes from a page of another site.');
    }
    const asked = toWebRequest(request);
    const path = wholePath(asked);
    const nowMs = Date.now();
    if (path.includes('/sign-up')) {
      if (parts.config.signUp === 'closed') throw new MosaicError('forbidden', closedSentence);
      signUps.take(request.socket.remoteAddress ?? '', nowMs);
    }
    const email = path.includes('/sign-in') ? emailOf(request) : undefined;
    if (email !== undefined) signIns.take(email, nowMs);
    const answer = await parts.accounts.handler(asked);
    if (email !== undefined && answer.status !== 401) signIns.giveBack(email, nowMs);
    // Signing out, a new password, a role, a ban: any of them may change what anybody may.
    if (isChange && answer.ok && !/\/sign-(?:in|up)\//.test(path)) {
      parts.authenticator.forget(() => true);
    }
    await sendAnswer(answer, response);
  });
  return router;
}

const closedSentence = 'Nobody signs up here: whoever runs this Mosaic makes the accounts.';

/** As better-auth will read it: `x/../sign-in/email` is a sign-in there, and was none in our counts. */
function wholePath({ url }: globalThis.Request): string {
  const { pathname } = new URL(url);
  try {
    return decodeURIComponent(pathname).toLowerCase();
  } catch {
    throw new MosaicError('bad_request', 'The address is not well written.');
  }
}

/** The body was read, limited and parsed already; better-auth wants a request of the web's kind. */
function toWebRequest(request: Request): globalThis.Request {
  const headers = fromNodeHeaders(request.headers);
  headers.delete('content-length');
  const url = `${request.protocol}://${request.headers.host ?? 'localhost'}${request.originalUrl}`;
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  if (!hasBody) return new globalThis.Request(url, { method: request.method, headers });
  headers.set('content-type', 'application/json');
  const body = JSON.stringify(request.body ?? {});
  return new globalThis.Request(url, { method: request.method, headers, body });
}

async function sendAnswer(answer: globalThis.Response, response: Response): Promise<void> {
  response.status(answer.status);
  answer.headers.forEach((value, name) => {
    if (name !== 'set-cookie' && name !== 'content-length') response.setHeader(name, value);
  });
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  const text = await answer.text();
  if (answer.status < 400) return void response.end(text);
  const traceId = traceIdOf(traceOf(response));
  response.json({ error: { ...readError(answer.status, text), traceId } });
}

const theirError = z.object({ message: z.string().optional(), code: z.string().optional() });

function readError(status: number, text: string) {
  // better-auth's 422 is an account that is there already.
  const code = status === 422 ? 'conflict' : codeOfStatus(status);
  const said = theirError.safeParse(parseOrNull(text)).data;
  const message = status >= 500 ? undefined : said?.message;
  return {
    code,
    message: new MosaicError(code, message).message,
    ...(said?.code === undefined ? {} : { details: { reason: said.code } }),
  };
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function emailOf(request: Request): string | undefined {
  return z.object({ email: z.string().max(320) }).safeParse(request.body).data?.email;
}
