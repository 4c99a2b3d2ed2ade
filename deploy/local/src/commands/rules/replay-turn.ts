import { formatModelRef, MosaicError, replayTurn as replayContract } from '@mosaic/proto';
import type { Terminal } from '../../command-line/command.ts';
import { refuseWords } from '../../command-line/read-options.ts';
import type { RunningMosaic } from '../../running/running-mosaic.ts';

const judged = {
  'judged-again': 'its words were judged again by the same classifier',
  'as-recorded': 'its profile was taken from the record',
} as const;

/** Decides a stored turn again from its record. Exit code 1 when something else comes out. */
export async function replayTurn(
  mosaic: RunningMosaic,
  [conversationId, messageId, ...more]: readonly string[],
  { isJson, terminal }: { readonly isJson: boolean; readonly terminal: Terminal },
): Promise<number> {
  if (conversationId === undefined || messageId === undefined) {
    throw new MosaicError('bad_request', 'Say which turn: --turn CONVERSATION MESSAGE.');
  }
  refuseWords(more);
  const answer = await mosaic.post('/api/routing/replay-turn', { conversationId, messageId });
  const seen = replayContract.reply.parse(answer);
  if (isJson) terminal.print(JSON.stringify(seen));
  else for (const line of linesOf(seen)) terminal.print(line);
  return seen.isSame ? 0 : 1;
}

type Seen = ReturnType<typeof replayContract.reply.parse>;

function linesOf({ differences, isSame, profile, replayed, stored }: Seen): readonly string[] {
  const how = `${formatModelRef(stored)} by ${stored.rule}; ${judged[profile]}`;
  if (isSame) return [`The same record came out again, byte for byte: ${how}.`];
  return [
    `Another record came out: ${formatModelRef(replayed)} by ${replayed.rule} instead of ${how}.`,
    ...differences.map((path) => `  ${path}`),
  ];
}
