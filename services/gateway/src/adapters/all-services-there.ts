import { serviceNames } from '@mosaic/proto';
import type { Bus, ReadinessCheck } from '@mosaic/service-kit';

const waitMs = 150;
const keptMs = 1_000;

/** Ready when every service answers on the bus; asked at most once a second. */
export function allServicesThere(bus: Bus): ReadinessCheck {
  let asked: { readonly atMs: number; readonly answer: Promise<boolean> } | undefined;
  const ask = async () => {
    const instances = await bus.discover(waitMs);
    return serviceNames.every((name) => instances.some((instance) => instance.name === name));
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
