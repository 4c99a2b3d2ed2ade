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
  Stoppable,
} from './bus/port.ts';
export { isConnectionError } from './database/connection-errors.ts';
export { openDatabase } from './database/open-database.ts';
export type { Database, DatabaseOptions } from './database/port.ts';
export { createLogger } from './runtime/create-logger.ts';
export { defineService } from './runtime/define-service.ts';
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
export type { ServiceMetrics } from './runtime/service-metrics.ts';
