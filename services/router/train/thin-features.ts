import type { Example } from './fit-task-model.ts';

/** Share of the features that is left out each time. */
const leftOut = 0.4;
/** What stays counts for more, so that a prompt says as much as with all of its features. */
const scale = 1 / (1 - leftOut);

/** More than the features of the longest prompt. */
const room = 2 ** 15;
/** One pair for all prompts, each of which is done with before the next one comes. */
const slots = new Int32Array(room);
const values = new Float32Array(room);

/** An example without those of its features that the lots leave out. Good until the next call. */
export function thinned(example: Example, lots: () => number): Example {
  let kept = 0;
  for (let at = 0; at < example.slots.length; at += 1) {
    if (lots() < leftOut) continue;
    slots[kept] = example.slots[at] ?? 0;
    values[kept] = (example.values[at] ?? 0) * scale;
    kept += 1;
  }
  return { ...example, slots: slots.subarray(0, kept), values: values.subarray(0, kept) };
}
