import type { Logger } from '@mosaic/service-kit';
import type { Sealer } from '../../app/credentials/seal-secret.ts';
import type { CredentialStore } from '../../stores/credential-store.ts';

export interface Resealed {
  /** Keys that the newest master key seals now and did not before. */
  readonly resealed: number;
  /** Keys that none of the master keys opens; they stay as they are. */
  readonly unreadable: number;
}

/** Seals with the newest master key whatever an older one had sealed, so that the older can go. */
export async function resealKeys(
  store: CredentialStore,
  sealer: Sealer,
  log: Logger,
): Promise<Resealed> {
  const unreadable = new Map<string, number>();
  let resealed = 0;
  for (const userId of await store.owners()) {
    for (const key of await store.list(userId)) {
      if (key.masterKeyId === sealer.newestId) continue;
      const { baseUrl, provider } = key;
      const place = { userId, provider, baseUrl };
      const opened = sealer.open(key, place);
      if ('problem' in opened) {
        unreadable.set(key.masterKeyId, (unreadable.get(key.masterKeyId) ?? 0) + 1);
      } else if (await store.reseal(userId, key, sealer.seal(opened.secret, place))) {
        resealed += 1;
      }
    }
  }
  if (resealed > 0)
    log.info({ resealed }, 'users’ vendor keys are sealed with the newest master key');
  for (const [masterKeyId, count] of unreadable) {
    log.warn(
      { masterKeyId, count },
      'users’ vendor keys can’t be opened with any master key that is set; they stay as they are: put the master key of this id behind the newest in MOSAIC_MASTER_KEY',
    );
  }
  return { resealed, unreadable: [...unreadable.values()].reduce((sum, one) => sum + one, 0) };
}
