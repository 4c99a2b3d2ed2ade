import type { Clock, ServiceContext } from '@mosaic/service-kit';
import type { Express } from 'express';
import type { Accounts } from '../adapters/auth/accounts.ts';
import type { Authenticator } from '../adapters/auth/authenticator.ts';
import type { Catalogue } from '../adapters/catalogue.ts';
import type { ChannelRegistry } from '../adapters/channels/channel-registry.ts';
import type { Follow } from '../adapters/conversations/follow-conversation.ts';
import type { Sender } from '../adapters/conversations/send-message.ts';
import { refuseForeignHosts } from '../adapters/http/refuse-foreign-hosts.ts';
import { staticPages } from '../adapters/http/static-pages.ts';
import { makeAccess } from '../adapters/http/visit.ts';
import { makeWebApp } from '../adapters/http/web-app.ts';
import { toAnthropicError } from '../app/door/anthropic-answer.ts';
import { toOpenAiError } from '../app/door/openai-answer.ts';
import type { GatewayConfig } from '../settings.ts';
import type { ApiKeyStore } from '../stores/api-keys.ts';
import type { UserStore } from '../stores/users.ts';
import { accountRoutes } from './accounts.ts';
import { ownAccountRoutes } from './admin/remove-users.ts';
import { adminRoutes } from './admin.ts';
import { agentRoutes } from './agents/agents.ts';
import { toolRoutes } from './agents/tools.ts';
import { importRoutes } from './care/import.ts';
import { catalogueRoutes } from './catalogue.ts';
import { conversationRoutes } from './conversations.ts';
import { anthropicDoor } from './door-anthropic.ts';
import { openAiDoor } from './door-openai.ts';
import { healthRoutes } from './health.ts';
import { keyRoutes } from './keys.ts';
import { memoryRoutes } from './memory/memories.ts';
import { preferenceRoutes } from './memory/preferences.ts';
import { searchMemoryRoutes } from './memory/search-memory.ts';
import { storageRoutes } from './memory/storage.ts';
import { messageRoutes } from './messages.ts';
import { providerCredentialRoutes } from './providers/provider-credentials.ts';
import { routingRoutes } from './routing/routing.ts';
import { usageRoutes } from './usage.ts';

export interface RouteParts
  extends Pick<ServiceContext<Record<never, never>>, 'bus' | 'log' | 'metrics' | 'notReady'> {
  readonly clock: Clock;
  readonly accounts: Accounts;
  readonly authenticator: Authenticator;
  readonly catalogue: Catalogue;
  readonly channels: ChannelRegistry;
  readonly follow: Follow;
  readonly keys: ApiKeyStore;
  readonly sender: Sender;
  readonly users: UserStore;
  readonly webDir: string;
  readonly config: Pick<GatewayConfig, 'host' | 'publicUrl' | 'signUp'>;
}

/** Every route of the gateway. */
export function allRoutes(given: RouteParts): Express {
  const parts = { ...given, access: makeAccess(given.authenticator) };
  return makeWebApp({
    log: parts.log,
    refuseForeignHosts: refuseForeignHosts(parts.config),
    refuseStrangers: parts.access.refuseStrangers,
    health: healthRoutes(parts),
    api: {
      '/auth': [accountRoutes(parts)],
      '/keys': [keyRoutes(parts)],
      '/agents': [agentRoutes(parts)],
      '/tools': [toolRoutes(parts)],
      '/conversations': [conversationRoutes(parts), messageRoutes(parts)],
      '/memory': [searchMemoryRoutes(parts), memoryRoutes(parts)],
      '/preferences': [preferenceRoutes(parts)],
      '/admin': [adminRoutes(parts)],
      '/routing': [routingRoutes(parts)],
      '': [
        catalogueRoutes(parts),
        importRoutes(parts),
        ownAccountRoutes(parts),
        providerCredentialRoutes(parts),
        storageRoutes(parts),
        usageRoutes(parts),
      ],
    },
    doors: [
      { path: '/v1/messages', router: anthropicDoor(parts), form: toAnthropicError },
      { path: '/v1', router: openAiDoor(parts), form: toOpenAiError },
    ],
    pages: staticPages(parts.webDir),
  });
}
