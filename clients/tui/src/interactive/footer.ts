import { visibleWidth } from '@earendil-works/pi-tui';
import { dim, green, inverse, red, yellow } from '../screen/style.ts';
import type { ChatState, ConnectionState } from '../state/chat-state.ts';
import { oneLine } from '../text/neutralise-controls.ts';

/** Agent, model, connection, and the mark of demo mode, in one line; what matters least goes first. */
export function footerLine({ conversation, connection, isDemo }: ChatState, width: number): string {
  const demo = isDemo ? [yellow(inverse(' DEMO '))] : [];
  const agent = dim(oneLine(conversation.agent));
  const isPinned = conversation.model !== null;
  const model = dim(oneLine(conversation.model ?? 'auto'));
  const mark = connectionMark(connection);
  const shapes = [
    [...demo, agent, isPinned ? `${model}${dim(' (pinned)')}` : model, mark, dim('/help')],
    [...demo, agent, isPinned ? `${model}${dim(' (pinned)')}` : model, mark],
    [...demo, mark, model, agent],
    [...demo, mark, model],
  ];
  const lines = shapes.map((parts) => parts.join(dim(' · ')));
  return lines.find((line) => visibleWidth(line) <= width) ?? lines.at(-1) ?? '';
}

function connectionMark(connection: ConnectionState): string {
  switch (connection.phase) {
    case 'connecting':
      return yellow('connecting…');
    case 'online':
      return green('online');
    case 'offline':
      return yellow(connection.wasOnline ? 'reconnecting…' : 'connecting…');
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
