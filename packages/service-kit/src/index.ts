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
