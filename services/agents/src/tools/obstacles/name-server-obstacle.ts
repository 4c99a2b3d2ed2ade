import { Resolver } from 'node:dns/promises';
import type { Obstacle } from '../tool.ts';

/** All name servers of this machine together get so long. */
const patienceMs = 2_000;

/** What a resolver says when nobody answered it, and not that a name server said no. */
const silence = new Set(['ECONNREFUSED', 'ETIMEOUT', 'ECANCELLED', 'ENONAME', 'ENOTINITIALIZED']);

/**
 * Whether any name server answers at all. The root is asked for: every name server knows it, and the
 * question tells nobody anything. `servers` instead of those of this machine.
 */
export async function findNameServerObstacle(
  servers?: readonly string[],
): Promise<Obstacle | null> {
  const resolver = new Resolver({ tries: 1, timeout: patienceMs });
  if (servers !== undefined) resolver.setServers(servers);
  const giveUp = setTimeout(() => resolver.cancel(), patienceMs);
  try {
    await resolver.resolveNs('.');
    return null;
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
    return silence.has(code) ? noNames : null;
  } finally {
    clearTimeout(giveUp);
  }
}

const noNames: Obstacle = {
  reason: 'No name server answers here, so no page of the web can be found by its name.',
  advice:
    'The operator gives the service agents a name server and a way to the internet (/etc/resolv.conf; "dns:" in Docker).',
};
