import { setImmediate } from 'node:timers/promises';
import { MosaicError } from '@mosaic/proto';
import { RE2JS } from 're2js';
import { z } from 'zod';
import { argumentPatternProblem } from '../../app/policy/argument-pattern.ts';
import { defineTool, type Tool } from '../tool.ts';
import { readText } from './file-text.ts';
import { type HeldFolder, openWorkspace } from './open-inside.ts';
import { walkFiles } from './walk-files.ts';
import { readPath } from './workspace-path.ts';

const maxHits = 200;
/** Of a longer line only the beginning is looked at: the pattern is judged letter by letter. */
const maxLineChars = 2_000;
const shownChars = 300;
/** After so long the other turns of this process get their turn. */
const pauseAfterMs = 10;

export function grepFilesTool(root: string): Tool {
  return defineTool({
    name: 'grep_files',
    description: 'Finds the lines of the workspace’s text files in which a pattern is found.',
    parameters: z.object({
      pattern: z.string().min(1).max(200).describe('RE2: no lookaround, no backreferences.'),
      folder: z.string().max(500).default('').describe('Relative path; everything without it.'),
      ignoreCase: z.boolean().default(false),
    }),
    async run({ pattern, folder, ignoreCase }, context) {
      const problem = argumentPatternProblem(pattern);
      if (problem !== null) throw new MosaicError('bad_request', `Not a pattern: ${problem}`);
      const compiled = RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
      const workspace = await openWorkspace(root, context);
      await using _held = workspace.handle;
      const hits: string[] = [];
      for await (const path of walkFiles(workspace, readPath(folder))) {
        for await (const hit of hitsIn(workspace, path, compiled)) {
          if (hits.length === maxHits) return `${hits.join('\n')}\n[and more]`;
          hits.push(hit);
        }
        context.signal.throwIfAborted();
      }
      return hits.length === 0 ? 'Nothing was found.' : hits.join('\n');
    },
  });
}

async function* hitsIn(
  workspace: HeldFolder,
  path: string,
  pattern: RE2JS,
): AsyncGenerator<string, void, undefined> {
  // What is no text or too large is not searched; it is named by list_files all the same.
  const text = await readText(workspace, path).catch(() => '');
  let pausedAt = performance.now();
  for (const [index, line] of text.split('\n').entries()) {
    if (pattern.test(line.slice(0, maxLineChars))) {
      yield `${path}:${index + 1}: ${line.slice(0, shownChars)}`;
    }
    if (performance.now() - pausedAt < pauseAfterMs) continue;
    await setImmediate();
    pausedAt = performance.now();
  }
}
