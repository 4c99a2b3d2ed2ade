import type { TestContext } from 'node:test';
import type { ServerHandle } from '../src/index.ts';

/** The started server, which is stopped after the test however that ends. */
export async function stopAfter<Handle extends ServerHandle>(
  t: TestContext,
  starting: Promise<Handle>,
): Promise<Handle> {
  const server = await starting;
  t.after(() => server.stop());
  return server;
}
