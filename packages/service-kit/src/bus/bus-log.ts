/** The part of pino that the bus uses. */
export interface BusLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const ignore = () => {};
export const silentLog: BusLog = { debug: ignore, info: ignore, warn: ignore, error: ignore };
