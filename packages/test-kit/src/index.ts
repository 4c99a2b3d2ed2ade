export { type LaunchMosaicOptions, launchMosaic, type RunningMosaic } from './launch-mosaic.ts';
export { type PostgresServer, startPostgres } from './start-postgres.ts';
export { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.ts';
export type { FaultInput, FaultKind } from './vendors/server/fault.ts';
export type { JournalEntry } from './vendors/server/journal.ts';
export type { ScriptInput } from './vendors/server/script.ts';
export {
  type StartVendorsOptions,
  startVendors,
  type VendorServers,
} from './vendors/start-vendors.ts';
export type { VendorName } from './vendors/wire/vendor-name.ts';
export { type WaitForOptions, waitFor } from './wait-for.ts';
