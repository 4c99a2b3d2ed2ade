import { Router } from 'express';

export interface HealthRouteParts {
  notReady(): Promise<readonly string[]>;
  readonly metrics: { readonly contentType: string; text(): Promise<string> };
}

/** `/healthz`, `/readyz` and `/metrics` on the public port. */
export function healthRoutes({ metrics, notReady }: HealthRouteParts): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  router.get('/readyz', async (_request, response) => {
    const failing = await notReady();
    const isReady = failing.length === 0;
    response.status(isReady ? 200 : 503).json({ status: isReady ? 'ready' : 'not ready', failing });
  });
  router.get('/metrics', async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.text());
  });
  return router;
}
