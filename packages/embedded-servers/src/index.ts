export { EmbeddedServerError, type EmbeddedServerErrorCode } from './embedded-server-error.ts';
export {
  type FindServerBinaryOptions,
  findServerBinary,
  type ServerBinary,
} from './find-server-binary.ts';
export { chooseFreePort, portIsFree, reservePort } from './free-port.ts';
export { type DirectoryLock, findLockHolder, lockDirectory } from './lock-directory.ts';
export { type PgliteHandle, type StartPgliteOptions, startPglite } from './pglite/start-pglite.ts';
export type { WatchdogLimits } from './pglite/watchdog.ts';
export { endLeftoverServer, forgetServer, recordServer } from './process/leftover-server.ts';
export type { OnProgress, ServerExit, ServerHandle } from './server-handle.ts';
export { type NatsHandle, type StartNatsOptions, startNats } from './start-nats.ts';
export { type RedisHandle, type StartRedisOptions, startRedis } from './start-redis.ts';
