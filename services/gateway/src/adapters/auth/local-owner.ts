import { chmod, readFile, writeFile } from 'node:fs/promises';
import type { GatewayConfig } from '../../settings.ts';
import type { ApiKeyStore } from '../../stores/api-keys.ts';
import type { UserStore } from '../../stores/users.ts';

/**
 * In local mode gives the person at this machine an account and writes its key to the configured file
 * (mode 0600), when the file holds no key that still works.
 */
export async function provideLocalOwner(
  stores: { readonly users: UserStore; readonly keys: ApiKeyStore },
  config: Pick<GatewayConfig, 'localOwner' | 'ownerTokenFile'>,
): Promise<void> {
  const { localOwner, ownerTokenFile: file } = config;
  if (!localOwner || file === undefined) return;
  const ownerId = await stores.users.ensureLocalOwner();
  const written = (await readFile(file, 'utf8').catch(() => '')).trim();
  const known = written === '' ? undefined : await stores.keys.find(written);
  if (known?.userId === ownerId) return;
  const { key } = await stores.keys.create(ownerId, { name: 'This machine' });
  await writeFile(file, `${key}\n`, { mode: 0o600 });
  // The mode above holds for new files only.
  await chmod(file, 0o600);
}
