import { makeId } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import { betterAuth } from 'better-auth';
import { admin, bearer } from 'better-auth/plugins';
import type { GatewayConfig } from '../../settings.ts';
import type { AuthTables } from '../../stores/tables.ts';

export const sessionCookies = ['mosaic.session_token', '__Secure-mosaic.session_token'] as const;

/** Accounts, passwords and sessions, by better-auth over our own tables. */
export type Accounts = ReturnType<typeof openAccounts>;

export function openAccounts(
  db: Database<AuthTables>,
  config: Pick<GatewayConfig, 'authSecret' | 'publicUrl' | 'signUp'>,
) {
  return betterAuth({
    appName: 'Mosaic',
    basePath: '/api/auth',
    ...(config.publicUrl === undefined ? {} : { baseURL: config.publicUrl }),
    secret: config.authSecret,
    database: { db: db.guarded, type: 'postgres' },
    emailAndPassword: {
      enabled: true,
      disableSignUp: config.signUp === 'closed',
      minPasswordLength: 8,
      maxPasswordLength: 128,
    },
    // Who is the first, and so the admin, is decided by a trigger where accounts are written.
    plugins: [bearer(), admin({ defaultRole: 'member' })],
    // What somebody said to Mosaic is theirs alone: administrators never read it as them.
    // A list of somebody's sessions holds the tokens that they are signed in by.
    // Removing an account removes what every service keeps of it: `DELETE /api/admin/users/:id`.
    disabledPaths: [
      '/admin/impersonate-user',
      '/admin/list-user-sessions',
      '/admin/remove-user',
      '/delete-user',
    ],
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: { disabled: true },
    advanced: {
      cookiePrefix: 'mosaic',
      useSecureCookies: config.publicUrl?.startsWith('https:') ?? false,
      // Asked for every route alike, and without refusing programs that send no Origin.
      disableCSRFCheck: true,
      database: { generateId: () => makeId() },
    },
  });
}
