import { MosaicError } from '@mosaic/proto';
import pg from 'pg';

/** SQLSTATE classes and codes that say "the server is not there now", not "your statement is wrong". */
const unavailableStates = /^(?:08|57P0|53300)/;
const unavailableNetwork = /^E(?:CONNREFUSED|CONNRESET|NOENT|NOTFOUND|AI_AGAIN|PIPE|TIMEDOUT|HOST)/;
/** pg gives these no code: its own words for a connection that ended under a statement. */
const unavailableWords =
  /connection terminated|not queryable|client was closed|timeout exceeded when trying to connect/i;

/** True when the database could not be reached or went away, so that the same work may succeed later. */
export function isConnectionError(thrown: unknown): boolean {
  if (thrown instanceof pg.DatabaseError) return unavailableStates.test(thrown.code ?? '');
  if (!(thrown instanceof Error)) return false;
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  return unavailableNetwork.test(code) || unavailableWords.test(thrown.message);
}

/** Turns a lost or refused connection into `service_unavailable`; every other error stays itself. */
export function toDatabaseError(thrown: unknown): unknown {
  if (!isConnectionError(thrown)) return thrown;
  return new MosaicError('service_unavailable', 'The database is not reachable now.', {
    cause: thrown,
  });
}
