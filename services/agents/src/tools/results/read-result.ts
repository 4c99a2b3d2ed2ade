import { MosaicError } from '@mosaic/proto';
import { z } from 'zod';
import { readResultName } from '../../app/policy/judge-call.ts';
import { defineTool, type Tool } from '../tool.ts';
import { wholeCharacters } from './cut-result.ts';
import type { ResultStore } from './result-store.ts';

const pieceChars = 19_000;

/** Reads on in a result that was cut; comes along with every other tool. */
export function readResultTool(results: ResultStore): Tool {
  return defineTool({
    name: readResultName,
    description:
      'Reads on in the result of a tool that was cut. The cut result names id and offset.',
    parameters: z.object({
      id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
      offset: z.int().min(0).default(0).describe('Characters to pass over.'),
    }),
    async run({ id, offset }, context) {
      const text = await results.find(id, context);
      if (text === undefined) {
        throw new MosaicError(
          'not_found',
          'There is no such result in this conversation any more.',
        );
      }
      if (offset >= text.length) return `[The result ends at ${text.length}.]`;
      const end = offset + wholeCharacters(text.slice(offset), pieceChars);
      const rest =
        end < text.length ? `[Read on at offset ${end} of ${text.length}.]` : '[The end.]';
      return `${text.slice(offset, end)}\n${rest}`;
    },
  });
}
