import { serviceNames } from '@mosaic/proto';
import type { Bus, ReadinessCheck } from '@mosaic/service-kit';

/** Services answer within milliseconds; on a busy machine one may need more, so the wait grows. */
const waitsMs = [150, 300, 600];
const keptMs = 1_000;

/** Ready when every service answers on the bus; asked at most once a second. */
export function allServicesThere(bus: Bus): ReadinessCheck {
  let asked: { readonly atMs: number; readonly answer: Promise<boolean> } | undefined;
  const ask = async () => {
    const seen = new Set<string>();
    for (const waitMs of waitsMs) {
      for (const { name } of await bus.discover(waitMs)) seen.add(name);
      if (serviceNames.every((name) => seen.has(name))) return true;
    }
    return false;
  };
  return {
    name: 'services',
    async check() {
      const now = Date.now();
      // Only a good answer is kept: at the start everybody asks until it comes.
      if (asked === undefined || now - asked.atMs > keptMs || !(await asked.answer)) {
        asked = { atMs: now, answer: ask() };
      }
      return await asked.answer;
    },
  };
}
