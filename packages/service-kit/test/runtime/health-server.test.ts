import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHealthServer } from '../../src/runtime/health-server.ts';

test('the pages say what holds and what does not', async () => {
  let failing: readonly string[] = [];
  let details: readonly string[] = [];
  const server = await startHealthServer(
    { host: '127.0.0.1', port: 0 },
    {
      notReady: async () => failing,
      details: () => details,
      metricsType: 'text/plain',
      metrics: async () => 'mosaic_up 1',
    },
  );
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
    return { status: response.status, text: await response.text() };
  };
  try {
    assert.equal((await get('/healthz')).status, 200);
    assert.equal((await get('/readyz')).status, 200);
    details = ['the last known rules are in force'];
    const ready = await get('/readyz');
    assert.equal(ready.status, 200);
    assert.deepEqual(JSON.parse(ready.text), { status: 'ready', failing: [], details });
    details = [];
    failing = ['database'];
    const notReady = await get('/readyz');
    assert.equal(notReady.status, 503);
    assert.deepEqual(JSON.parse(notReady.text), { status: 'not ready', failing: ['database'] });
    assert.equal((await get('/healthz')).status, 200);
    assert.deepEqual(await get('/metrics'), { status: 200, text: 'mosaic_up 1' });
    assert.equal((await get('/other')).status, 404);
  } finally {
    await server.close();
  }
});
