// Run as a process of its own by tests that kill -9 whoever started a server.
import { startNats, startPglite, startRedis } from '../src/index.ts';

const [kind, dataDir = ''] = process.argv.slice(2);
const starters = {
  nats: () => startNats({ dataDir }),
  redis: () => startRedis({ dataDir }),
  pglite: () => startPglite({ dataDir }),
};
if (kind !== 'nats' && kind !== 'redis' && kind !== 'pglite') throw new Error('which server?');
const { url, pid } = await starters[kind]();
process.stdout.write(`${JSON.stringify({ url, pid })}\n`);
