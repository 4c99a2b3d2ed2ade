import { readFileSync } from 'node:fs';
import type { Setting } from '@mosaic/service-kit';
import { z } from 'zod';
import type { CardOverride } from '../../app/cards/enrich-vendor.ts';
import { readCardFile } from '../../app/cards/read-card-file.ts';

const advice = 'Correct it, or leave the variable out; docs/model-cards.md shows a whole file.';

/**
 * The operator's model cards: the path of the file, or, from `NAME_FILE`, its text. It is read with the
 * other settings, so that a file that can't be used stops the start like any of them.
 */
export const cardFileSetting = {
  env: 'MOSAIC_MODEL_CARDS',
  schema: z
    .string()
    .trim()
    .default('')
    .transform((value, context): readonly CardOverride[] => {
      if (value === '') return [];
      const read = readFrom(value);
      if ('overrides' in read) return read.overrides;
      const list = read.problems.map((problem) => `\n      - ${problem}`).join('');
      const message = `the file can't be used. ${advice}${list}`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }),
  example: '/etc/mosaic/model-cards.json',
} satisfies Setting;

function readFrom(value: string): ReturnType<typeof readCardFile> {
  if (value.startsWith('{')) return readCardFile(value);
  try {
    return readCardFile(readFileSync(value, 'utf8'));
  } catch (thrown) {
    const why = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown error';
    return { problems: [`${value} can't be read (${why})`] };
  }
}
