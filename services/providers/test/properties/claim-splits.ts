import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { comparable } from '../run-vendor.ts';
import { fixture, streamFixtures, type VendorCase, vendorCases } from '../vendor-cases.ts';
import { replayBytes } from './replay-bytes.ts';

/** Bytes on each side of a cut that say all about it: a letter and the end of an event are four at most. */
const surroundings = 4;

const partsOf = async (vendorCase: VendorCase, chunks: readonly Uint8Array[]) =>
  comparable((await replayBytes(vendorCase, { chunks })).parts);

/** Every stream of a vendor, and two of them with the line ends that a proxy may give them. */
function streamsOf({ name }: VendorCase): (readonly [string, Buffer])[] {
  const files = streamFixtures(name).map((file) => [file, fixture(name, file)] as const);
  const returned = ['text', 'tool'].map((file) => {
    const text = fixture(name, file).toString().replaceAll('\n', '\r\n');
    return [`${file} with carriage returns`, Buffer.from(text)] as const;
  });
  return [...files, ...returned];
}

/** Registers the claims for one vendor: each has a file of its own, because they take their time. */
export function claimSplits(name: VendorCase['name']): void {
  const vendorCase = vendorCases.find((one) => one.name === name);
  if (!vendorCase) throw new TypeError(`no case for ${name}`);
  describe(`${vendorCase.name} gives the same parts`, () => {
    test('wherever a stream is cut in two', async () => {
      const seen = new Set<string>();
      for (const [file, bytes] of streamsOf(vendorCase)) {
        const whole = await partsOf(vendorCase, [bytes]);
        for (let at = 1; at < bytes.length; at += 1) {
          const around = bytes.subarray(Math.max(0, at - surroundings), at + surroundings);
          const key = around.toString('latin1').replaceAll(/\d/g, '0');
          // The same cut through the same bytes was made before.
          if (seen.has(key)) continue;
          seen.add(key);
          const split = await partsOf(vendorCase, [bytes.subarray(0, at), bytes.subarray(at)]);
          assert.deepEqual(split, whole, `${file} cut after byte ${at}`);
        }
      }
    });

    test('when every byte comes alone', async () => {
      for (const [file, bytes] of streamsOf(vendorCase)) {
        const whole = await partsOf(vendorCase, [bytes]);
        const alone = Array.from(bytes, (byte) => Uint8Array.of(byte));
        assert.deepEqual(await partsOf(vendorCase, alone), whole, file);
      }
    });

    test('however it is cut into pieces', async () => {
      const streams = streamsOf(vendorCase);
      const property = fc.asyncProperty(
        fc.constantFrom(...streams),
        fc.array(fc.nat(10_000), { minLength: 1, maxLength: 12 }),
        async ([, bytes], marks) => {
          const cuts = [
            ...new Set(marks.map((mark) => Math.floor((mark * bytes.length) / 10_001))),
          ];
          const edges = [0, ...cuts.sort((left, right) => left - right), bytes.length];
          const chunks = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
          const [split, whole] = [
            await partsOf(vendorCase, chunks),
            await partsOf(vendorCase, [bytes]),
          ];
          assert.deepEqual(split, whole);
        },
      );
      await fc.assert(property, { seed: 20_261_125, numRuns: 100 });
    });
  });
}
