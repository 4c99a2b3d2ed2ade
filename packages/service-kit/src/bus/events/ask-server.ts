import { type EventCore, eventError, mayPass } from './event-core.ts';

/** The link came back while a question was open: what was sent on the old one is never answered. */
export class LinkCutError extends Error {
  override readonly name = 'LinkCutError';
}

/** One question to the server itself, once there is a link; ends early when that link is cut. */
export async function askOnce<Result>(
  core: EventCore,
  ask: () => Promise<Result>,
  waitMs: number = core.timings.publishMs,
): Promise<Result> {
  await core.watch.whenConnected(waitMs);
  const cut = Promise.withResolvers<never>();
  const stopWatching = core.watch.onReconnect(() => cut.reject(new LinkCutError('cut')));
  try {
    return await Promise.race([ask(), cut.promise]);
  } finally {
    stopWatching();
  }
}

/** Asks until the server answers, for a question that is harmless to ask twice. Throws MosaicError. */
export async function askServer<Result>(
  core: EventCore,
  ask: () => Promise<Result>,
): Promise<Result> {
  const deadline = Date.now() + core.timings.publishMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await askOnce(core, ask, deadline - Date.now());
    } catch (thrown) {
      const pauseMs = Math.min(50 * attempt, 500);
      const isCut = thrown instanceof LinkCutError;
      if (!(isCut || mayPass(thrown)) || Date.now() + pauseMs >= deadline) throw eventError(thrown);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
