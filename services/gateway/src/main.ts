import { join } from 'node:path';
import { defineService, runService } from '@mosaic/service-kit';
import { allServicesThere } from './adapters/all-services-there.ts';
import { openAccounts } from './adapters/auth/accounts.ts';
import { makeAuthenticator } from './adapters/auth/authenticator.ts';
import { provideFirstAdmin } from './adapters/auth/first-admin.ts';
import { provideLocalOwner } from './adapters/auth/local-owner.ts';
import { openCatalogue } from './adapters/catalogue.ts';
import { makeChannelRegistry } from './adapters/channels/channel-registry.ts';
import { serveBridges } from './adapters/channels/serve-bridges.ts';
import { makeFollow } from './adapters/conversations/follow-conversation.ts';
import { makeSender } from './adapters/conversations/send-message.ts';
import { listen } from './adapters/http/http-server.ts';
import { forgetRemovedUsers } from './adapters/removal/remove-user.ts';
import { serveSockets } from './adapters/socket/socket-server.ts';
import { SendAllowance } from './app/send-allowance.ts';
import { allRoutes } from './routes/all-routes.ts';
import { gatewaySettings } from './settings.ts';
import { openAuthStore } from './stores/auth-store.ts';

const builtWeb = join(import.meta.dirname, '..', '..', '..', 'clients', 'web', 'dist');

export const gatewayService = defineService({
  name: 'gateway',
  settings: gatewaySettings,
  async start({ addReadiness, bus, clock, config, log, metrics, notReady, onDrain, onStop }) {
    const { db, ...stores } = openAuthStore(config.databaseUrl);
    onStop(() => db.close());
    await db.migrate();
    addReadiness({ name: 'database', check: () => db.isReady() });
    addReadiness(allServicesThere(bus));

    const accounts = openAccounts(db, config);
    await provideFirstAdmin({ accounts, users: stores.users, log }, config);
    await provideLocalOwner(stores, config);

    const authenticator = makeAuthenticator({ ...config, ...stores, accounts, clock });
    const catalogue = openCatalogue({ bus, clock, log });
    const sender = makeSender({ bus, clock, catalogue, allowance: new SendAllowance() });
    const follow = makeFollow(bus, log);
    const core = { bus, clock, log, authenticator, catalogue, sender, follow };
    const bridges = await serveBridges({ ...core, channels: stores.channels });
    onDrain(() => bridges.stop());
    const forgetting = forgetRemovedUsers(bus, authenticator);
    onDrain(() => forgetting.stop());

    const channels = makeChannelRegistry({ bus, ...stores });
    const webDir = config.webDir ?? builtWeb;
    const shown = { ...core, ...stores, accounts, channels, metrics, notReady, webDir, config };
    const http = await listen(allRoutes(shown), config);
    const endSockets = serveSockets(http.server, { ...core, config, isDemo: config.isDemo });
    onDrain(endSockets);
    onDrain(() => http.close());
    log.info({ host: config.host, port: http.port }, 'listening');
  },
});

if (import.meta.main) await runService(gatewayService);
