import { randomBytes } from 'node:crypto';
import { MosaicError } from '@mosaic/proto';
import type { SignedCaller } from '@mosaic/service-kit';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Person } from '../../app/person.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import { type Credential, readCredential } from '../auth/read-credential.ts';
import { comesFromElsewhere } from './same-origin.ts';

/** One request of somebody who was let in. */
export interface Visit {
  readonly request: Request;
  readonly response: Response;
  /** W3C `traceparent` of everything that is done for it. */
  readonly trace: string;
  readonly person: Person;
  readonly caller: SignedCaller;
}

/** What a handler answers with; undefined when it wrote the response itself. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
}
export type VisitHandler = (visit: Visit) => Promise<Reply | undefined>;

export const ok = (body: unknown): Reply => ({ status: 200, body });

/** Makes express handlers that let people in first. */
export interface Access {
  /** For everybody with an account. */
  person(handler: VisitHandler): RequestHandler;
  /** Lets nobody pass who is not known, before anything that they send is read. */
  readonly refuseStrangers: RequestHandler;
  /** For administrators; others get forbidden before anything is looked up. */
  admin(handler: VisitHandler): RequestHandler;
}

export function makeAccess(authenticator: Authenticator): Access {
  const guarded = (handler: VisitHandler, needsAdmin: boolean): RequestHandler => {
    return async (request: Request, response: Response, _next: NextFunction) => {
      const credential = readCredential(request.headers);
      refuseForgery(request, credential);
      const person = await authenticator.identify(credential);
      if (needsAdmin && person.role !== 'admin') throw new MosaicError('forbidden');
      const via = credential?.kind === 'cookie' ? 'web' : 'api';
      const caller = authenticator.callerOf(person, via);
      const trace = traceOf(response);
      const reply = await handler({ request, response, trace, person, caller });
      if (reply === undefined) return;
      response.status(reply.status);
      if (reply.body === undefined) response.end();
      else response.json(reply.body);
    };
  };
  return {
    person: (handler) => guarded(handler, false),
    admin: (handler) => guarded(handler, true),
    refuseStrangers: async (request, _response, next) => {
      await authenticator.identify(readCredential(request.headers));
      next();
    },
  };
}

/** A browser sends cookies for any page that asks; only our own page may use them to change things. */
function refuseForgery(request: Request, credential: Credential | undefined): void {
  const isHarmless = request.method === 'GET' || request.method === 'HEAD';
  if (isHarmless || credential?.kind !== 'cookie' || !comesFromElsewhere(request.headers)) return;
  throw new MosaicError('forbidden', 'This request comes from a page of another site.');
}

const traceparent = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Takes up the trace of whoever calls, or begins one. */
export const beginTrace: RequestHandler = (request, response, next) => {
  const given = request.headers['traceparent'];
  const isGiven = typeof given === 'string' && traceparent.test(given);
  response.locals['trace'] = isGiven ? given : makeTrace();
  next();
};

export function makeTrace(): string {
  const random = randomBytes(24).toString('hex');
  return `00-${random.slice(0, 32)}-${random.slice(32)}-01`;
}

export function traceOf(response: Response): string {
  return String(response.locals['trace'] ?? makeTrace());
}

export function traceIdOf(trace: string): string {
  return traceparent.exec(trace)?.[1] ?? '';
}
