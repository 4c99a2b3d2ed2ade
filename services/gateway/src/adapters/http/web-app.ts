import type { Logger } from '@mosaic/service-kit';
import express, { type Express, type RequestHandler, type Router } from 'express';
import { answerErrors, type ErrorForm, refuseUnknownRoute } from './answer-errors.ts';
import { refuseDeepBodies } from './refuse-deep-bodies.ts';
import { neverStored, securityHeaders } from './security-headers.ts';
import { beginTrace } from './visit.ts';

const bodyLimit = '1mb';
/** The longest message, 400,000 characters, is 2.4 MB when each of them is written as `\uXXXX`. */
const messageBodyLimit = '3mb';
/** Exports of years; `mosaic import` sends larger ones in portions. */
const importBodyLimit = '16mb';
/** Histories of programs come whole with every request. */
const doorBodyLimit = '16mb';

export interface WebAppParts {
  /** In front of everything but health. */
  readonly refuseForeignHosts: RequestHandler;
  readonly log: Logger;
  readonly health: Router;
  /** Below `/api`: families of routes by their path. */
  readonly api: Readonly<Record<string, readonly Router[]>>;
  /** In front of what may have a large body: messages and the doors. */
  readonly refuseStrangers: RequestHandler;
  /** Below `/v1`, with errors in the form that its programs know. */
  readonly doors: readonly {
    readonly router: Router;
    readonly path: string;
    readonly form: ErrorForm;
  }[];
  readonly pages: Router;
}

/** Puts the routes together: health, REST, doors, the web client. */
export function makeWebApp(parts: WebAppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.use(beginTrace, securityHeaders, parts.health, parts.refuseForeignHosts);
  // Whatever type a body says to be of, it is read as JSON: the limit holds for all of them.
  const type = () => true;
  const large = express.json({ limit: messageBodyLimit, type, strict: false });
  app.post('/api/conversations/:id/messages', parts.refuseStrangers, large);
  const whole = express.json({ limit: importBodyLimit, type, strict: false });
  app.post('/api/import', parts.refuseStrangers, whole);
  const json = express.json({ limit: bodyLimit, type, strict: false });
  app.use('/api', neverStored, json, refuseDeepBodies);
  for (const [path, routers] of Object.entries(parts.api)) app.use(`/api${path}`, ...routers);
  app.use('/api', refuseUnknownRoute);
  for (const { form, path, router } of parts.doors) {
    const body = express.json({ limit: doorBodyLimit, type });
    app.use(path, neverStored, parts.refuseStrangers, body, refuseDeepBodies, router);
    app.use(path, answerErrors(parts.log, form));
  }
  app.use('/v1', refuseUnknownRoute);
  app.use(parts.pages);
  app.use(refuseUnknownRoute, answerErrors(parts.log));
  return app;
}
