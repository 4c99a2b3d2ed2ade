export { assertServed } from './bus/assert-served.ts';
export type { BusLog } from './bus/bus-log.ts';
export { type BusOptions, connectBus } from './bus/connect-bus.ts';
export type {
  Bus,
  CallOptions,
  ConsumeOptions,
  Delivery,
  Lease,
  PublishOptions,
  ReadOptions,
  Received,
  RunningInstance,
  Settleable,
  SignedCaller,
  StateListener,
  Stoppable,
} from './bus/port.ts';
export { type ProvisionOptions, provisionBus } from './bus/provision-bus.ts';
export { type BusTimings, defaultTimings } from './bus/timings.ts';
export {
  type CallerKeys,
  makeCallerKeys,
  signCaller,
  verifyCaller,
} from './credentials/caller-token.ts';
export { type InstallationKeys, makeInstallationKeys } from './credentials/installation-keys.ts';
export { serverConfigText } from './credentials/server-config-text.ts';
export {
  bridgeCredentials,
  provisionerCredentials,
  serviceCredentials,
} from './credentials/user-credentials.ts';
export { openDatabase } from './database/open-database.ts';
export type { Database, DatabaseOptions } from './database/port.ts';
export { removeUserRows } from './database/remove-user-rows.ts';
export {
  makePerUserMemory,
  type OfUser,
  type PerUserMemory,
  type PerUserOptions,
} from './memory/per-user-memory.ts';
export { type PreferenceWatch, watchPreferences } from './preferences/watch-preferences.ts';
export { openRateLimiter } from './rate-limit/open-rate-limiter.ts';
export type {
  RateLimiter,
  RateLimiterOptions,
  TakeWish,
  Taking,
} from './rate-limit/port.ts';
export { type Obeying, obeyDeletions } from './removal/obey-deletions.ts';
export { createLogger, type Logger } from './runtime/create-logger.ts';
export { defineService } from './runtime/define-service.ts';
export { processEnvironment } from './runtime/environment.ts';
export { kitSettings } from './runtime/kit-settings.ts';
export type {
  Clock,
  ConfigOf,
  Environment,
  ReadinessCheck,
  RunningService,
  ServiceContext,
  ServiceDefinition,
  Setting,
  Settings,
} from './runtime/port.ts';
export { readConfig } from './runtime/read-config.ts';
export { runService } from './runtime/run-service.ts';
export type { ServiceMetrics } from './runtime/service-metrics.ts';
export { type StartOptions, startService } from './runtime/start-service.ts';
