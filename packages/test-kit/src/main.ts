// The look-alike vendors as a process of their own: prints one JSON line with the URLs and serves
// until it is told to stop.
//
//   node packages/test-kit/src/main.ts [--port <number>] [--pace-ms <number>]
import { parseArgs } from 'node:util';
import { startVendors } from './vendors/start-vendors.ts';

const { values } = parseArgs({
  options: { port: { type: 'string' }, 'pace-ms': { type: 'string' } },
});
const vendors = await startVendors({
  ...(values.port === undefined ? {} : { port: Number(values.port) }),
  ...(values['pace-ms'] === undefined ? {} : { paceMs: Number(values['pace-ms']) }),
});
const { urls, controlUrl } = vendors;
process.stdout.write(
  `${JSON.stringify({ urls, controlUrl, environment: vendors.environment() })}\n`,
);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void vendors.stop().then(() => process.exit(0));
  });
}
