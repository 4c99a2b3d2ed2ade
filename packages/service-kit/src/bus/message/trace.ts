import { randomUUID } from 'node:crypto';

const traceparent = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;

/** The given W3C `traceparent` when it is one, else a new one. */
export function traceOrNew(given: string | undefined): string {
  if (given !== undefined && traceparent.test(given)) return given;
  // Node keeps random bytes for UUIDs in store; `randomBytes` asks the system each time.
  const random = `${randomUUID()}${randomUUID()}`.replaceAll('-', '');
  return `00-${random.slice(0, 32)}-${random.slice(48)}-01`;
}

/** The trace id within a `traceparent`: what people and logs quote. */
export function traceIdOf(trace: string): string {
  return traceparent.exec(trace)?.[1] ?? '';
}
