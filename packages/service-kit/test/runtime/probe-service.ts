import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { defineService, runService } from '../../src/index.ts';

/** A service that says what it does, in the order in which it does it. */
export const probeService = defineService({
  name: 'probe',
  settings: {
    greeting: { env: 'PROBE_GREETING', schema: z.string().min(1), example: 'hello' },
    fault: { env: 'PROBE_FAULT', schema: z.string().optional(), example: 'start' },
  },
  async start({ bus, config, onDrain, onStop, addReadiness, metrics }) {
    const say = (what: string) => void process.stderr.write(`${what}\n`);
    addReadiness({ name: 'database', check: async () => config.fault !== 'readiness' });
    onStop(async () => say(`stop 1, bus ${bus.isConnected ? 'open' : 'closed'}`));
    if (config.fault === 'start') throw new RangeError('the probe is broken');
    onStop(async () => say('stop 2'));
    onDrain(async () => say(`drain 1, bus ${bus.isConnected ? 'open' : 'closed'}`));
    onDrain(async () => {
      say('drain 2');
      if (config.fault === 'drain') throw new RangeError('on purpose');
      if (config.fault === 'slow drain') await delay(60_000);
    });
    say(`${config.greeting} ${(await metrics.text()).includes('mosaic_bus_connected')}`);
  },
});

if (import.meta.main) await runService(probeService);
