import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideRoute, listModels } from '@mosaic/proto';
import { startService } from '@mosaic/service-kit';
import { waitFor } from '@mosaic/test-kit';
import { startRealBus } from '@mosaic/test-kit/bus';
import { routerService } from '../src/main.ts';

test('a router that has not heard of the models yet says so, not that there are none', async () => {
  const bus = await startRealBus();
  const env = { ...(await bus.environment('router')), MOSAIC_LOG_LEVEL: 'silent' };
  const router = await startService(routerService, env);
  try {
    const agents = await bus.connect('agents');
    const question = {
      text: 'hi',
      agent: { name: 'assistant' },
      needs: { tools: false, vision: false },
      contextTokens: 1,
    };
    const codeOf = () =>
      agents.call(decideRoute, question, { caller: bus.person('mia') }).then(
        () => 'decided',
        (thrown: { code: string }) => thrown.code,
      );
    assert.equal(await codeOf(), 'service_unavailable');
    const providers = await bus.connect('providers');
    providers.handle(listModels, async () => ({ models: [] }));
    await waitFor(async () => (await codeOf()) === 'no_model_available', { timeoutMs: 60_000 });
  } finally {
    await router.stop();
    await bus.stop();
  }
});
