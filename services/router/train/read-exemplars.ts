import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { taskTypes } from '@mosaic/proto';
import { hashOn } from '../src/app/classify/hash-feature.ts';
import { mistype } from './mistype.ts';
import { ownSource, type TaskRow } from './read-rows.ts';
import { seeded } from './seeded.ts';

const exemplarFolder = join(import.meta.dirname, 'exemplars');

/** So many prompts at most are made of one line. */
const perLine = 14;
/** Every fourth wording of a line comes once more with typing mistakes. */
const typedBadly = 4;

/**
 * This project's own prompts. One folder per task, one pattern per line: `{a|b}` is one of several
 * wordings, `$NAME` one line of `pasted/<name>.txt`, `\n` a new line, `\{` and `\}` are braces.
 * Which wordings are taken depends on the seed and on the line, so that a new line leaves all others
 * as they are and what it changes can be told from what lots change.
 */
export function readExemplars(seed = 11): TaskRow[] {
  const pasted = readPasted();
  return taskTypes.flatMap((task) =>
    linesIn(join(exemplarFolder, task)).flatMap((line) => {
      const [random, slipping] = [seeded(hashOn(seed, line)), seeded(hashOn(seed + 1, line))];
      const tries = line.includes('{') ? perLine * 2 : 1;
      const made = new Set<string>();
      for (let at = 0; at < tries && made.size < perLine; at += 1) {
        made.add(oneWording(line, { random, pasted }));
      }
      const slips = [...made]
        .filter((_, at) => at % typedBadly === typedBadly - 1)
        .map((prompt) => mistype(prompt, slipping));
      return [...made, ...slips].map((prompt) => ({
        prompt,
        task,
        source: ownSource,
        mayTrain: true,
        share: made.size ** -0.3,
      }));
    }),
  );
}

interface Choice {
  readonly random: () => number;
  readonly pasted: ReadonlyMap<string, readonly string[]>;
}

function oneWording(line: string, { random, pasted }: Choice): string {
  const oneOf = (choices: readonly string[]) =>
    choices[Math.floor(random() * choices.length)] ?? '';
  return line
    .replaceAll('\\{', '\u0001')
    .replaceAll('\\}', '\u0002')
    .replace(/\{([^{}]*\|[^{}]*)\}/g, (_, choices: string) => oneOf(choices.split('|')))
    .replace(/\$([A-Z]+)/g, (_, name: string) => {
      const choices = pasted.get(name);
      if (choices === undefined) throw new Error(`There is no pasted/${name.toLowerCase()}.txt.`);
      return oneOf(choices);
    })
    .replaceAll('\u0001', '{')
    .replaceAll('\u0002', '}')
    .replaceAll('\\n', '\n');
}

function readPasted(): Map<string, string[]> {
  const folder = join(exemplarFolder, 'pasted');
  return new Map(
    readdirSync(folder).map((file) => [
      file.replace('.txt', '').toUpperCase(),
      linesOf(join(folder, file)),
    ]),
  );
}

function linesIn(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((file) => linesOf(join(folder, file)));
}

function linesOf(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
}
