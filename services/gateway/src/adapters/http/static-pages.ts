import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type RequestHandler, Router } from 'express';

const notBuilt = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Mosaic</title>
<h1>Mosaic is running</h1>
<p>The web client is not built here. Build it with <code>npm run mosaic up</code> from a checkout,
or talk to Mosaic with <code>npm run mosaic tui</code> or any program that speaks to
<code>/v1/chat/completions</code>.</p>
</html>
`;

/** Serves the web client; addresses that are none of its files get its page. */
export function staticPages(webDir: string): Router {
  const router = Router();
  const page = join(webDir, 'index.html');
  // Names of built files hold a hash of what is in them.
  router.use('/assets', express.static(join(webDir, 'assets'), { immutable: true, maxAge: '1y' }));
  router.use('/assets', (_request, response) => void response.status(404).end());
  router.use(express.static(webDir, { index: false, maxAge: 0 }));
  const fallback: RequestHandler = (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    response.set('cache-control', 'no-cache');
    if (existsSync(page)) response.sendFile(page, { dotfiles: 'allow' });
    else response.type('html').send(notBuilt);
  };
  router.use(fallback);
  return router;
}
