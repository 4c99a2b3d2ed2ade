import { dim, green, inverse, red, yellow } from '../screen/style.ts';
import type { ChatState, ConnectionState } from '../state/chat-state.ts';
import { oneLine } from '../text/neutralise-controls.ts';

/** Agent, model, connection, and the mark of demo mode, in one line. */
export function footerLine({ conversation, connection, isDemo }: ChatState): string {
  const model = conversation.model === null ? 'auto' : `${oneLine(conversation.model)} (pinned)`;
  const parts = [
    ...(isDemo ? [yellow(inverse(' DEMO '))] : []),
    dim(`${oneLine(conversation.agent)} · ${model}`),
    connectionMark(connection),
    dim('/help'),
  ];
  return parts.join(dim(' · '));
}

function connectionMark(connection: ConnectionState): string {
  switch (connection.phase) {
    case 'connecting':
      return yellow('connecting…');
    case 'online':
      return green('online');
    case 'offline':
      return yellow(connection.attempt > 1 ? 'offline, reconnecting…' : 'reconnecting…');
    case 'signed-out':
      return red('not signed in');
    default:
      return connection satisfies never;
  }
}

/** What to do when the gateway doesn't know us. */
export function signedOutLines(url: string, hasToken: boolean): string[] {
  const sentence = hasToken
    ? `The gateway at ${url} does not accept this token.`
    : `The gateway at ${url} asks for a token, and there is none here.`;
  return [
    red(sentence),
    'Start Mosaic on this machine (`npm start` writes a token that is found by itself), or set',
    'MOSAIC_TOKEN or --token to an API key of yours. Trying again meanwhile.',
  ];
}
