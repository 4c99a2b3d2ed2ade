import { MosaicError } from '@mosaic/proto';
import type { RequestHandler } from 'express';

/** Far above any honest schema; walking deeper ones by recursion would overflow the stack. */
const maxDepth = 100;

/** Refuses JSON that is nested too deeply, before anything walks it. */
export const refuseDeepBodies: RequestHandler = (request, _response, next) => {
  if (depthExceeds(request.body, maxDepth)) {
    throw new MosaicError('bad_request', `The body is nested more than ${maxDepth} levels deep.`);
  }
  next();
};

function depthExceeds(value: unknown, limit: number): boolean {
  let level = containersIn([value]);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= limit) return true;
    level = level.flatMap((container) => containersIn(Object.values(container)));
  }
  return false;
}

function containersIn(values: readonly unknown[]): object[] {
  return values.filter((value): value is object => typeof value === 'object' && value !== null);
}
