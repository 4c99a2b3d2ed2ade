import { chmodSync } from 'node:fs';
import { findServerBinary } from '@mosaic/embedded-servers';
import { buildWebClient } from '../../../../scripts/build-web-client.ts';
import { repositoryRoot } from '../settings/launcher-settings.ts';
import type { Facts } from './facts.ts';

/** Does what the doctor can do by itself; says each thing, and goes on when one fails. */
export async function applyFixes(facts: Facts, say: (sentence: string) => void): Promise<void> {
  const { dataDirectory, isPageBuilt, servers } = facts;
  const attempt = async (work: () => unknown) => {
    try {
      await work();
    } catch (thrown) {
      say(thrown instanceof Error ? thrown.message : String(thrown));
    }
  };
  for (const { name, isGiven, version } of servers) {
    if (isGiven || version !== undefined) continue;
    await attempt(() => findServerBinary(name, { installIfMissing: true, onProgress: say }));
  }
  if (dataDirectory.isOurs && ((dataDirectory.mode ?? 0) & 0o077) !== 0) {
    await attempt(() => chmodSync(dataDirectory.path, 0o700));
    say(`${dataDirectory.path} is for its owner alone now.`);
  }
  if (!isPageBuilt) await attempt(() => buildWebClient(repositoryRoot, say));
}
