import type { Logger } from '@mosaic/service-kit';
import type { GatewayConfig } from '../../settings.ts';
import type { UserStore } from '../../stores/users.ts';
import type { Accounts } from './accounts.ts';

/** Creates the administrator named in the configuration when there is none yet. */
export async function provideFirstAdmin(
  parts: { readonly accounts: Accounts; readonly users: UserStore; readonly log: Logger },
  config: Pick<GatewayConfig, 'adminEmail' | 'adminPassword'>,
): Promise<void> {
  const { adminEmail: email, adminPassword: password } = config;
  if (email === undefined || password === undefined || (await parts.users.hasAdmin())) return;
  await parts.accounts.api.createUser({ body: { email, password, name: 'Admin', role: 'admin' } });
  parts.log.info('the first administrator was created');
}
