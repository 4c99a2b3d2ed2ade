import { visibleWidth } from '../screen/pi-tui.ts';
import { dim, green, inverse, red, yellow } from '../screen/style.ts';
import type { ModelWindows } from '../session/model-windows.ts';
import type { ChatState, ConnectionState } from '../state/chat-state.ts';
import { type ConversationUse, conversationUse } from '../state/conversation-use.ts';
import { formatCost, formatTokens } from '../text/format-amounts.ts';
import { oneLine } from '../text/neutralise-controls.ts';

/**
 * Agent, model and who chose it, share of the context, tokens, cost, connection, and the mark of demo
 * mode, in one line; what matters least goes first.
 */
export function footerLine(
  state: ChatState,
  width: number,
  windows: Pick<ModelWindows, 'sizeOf'>,
): string {
  const { connection, conversation, isDemo } = state;
  const use = conversationUse(conversation);
  const demo = isDemo ? [yellow(inverse(' DEMO '))] : [];
  const agent = dim(oneLine(conversation.agent));
  const shortModel = dim(oneLine(conversation.model ?? 'auto'));
  const model = dim(describeModel(conversation.model, use));
  const context = describeContext(use, windows);
  const tokens = dim(`${formatTokens(use.inputTokens)} in / ${formatTokens(use.outputTokens)} out`);
  const cost = dim(describeCost(use));
  const mark = connectionMark(connection);
  const spent = use.answers === 0 ? [] : [cost];
  const shapes = [
    [
      ...demo,
      agent,
      model,
      ...context,
      ...(spent.length === 0 ? [] : [tokens]),
      ...spent,
      mark,
      dim('/help'),
    ],
    [...demo, agent, model, ...context, ...spent, mark],
    [...demo, agent, model, ...spent, mark],
    [...demo, agent, model, mark],
    [...demo, mark, shortModel, agent],
    [...demo, mark, shortModel],
  ];
  const lines = shapes.map((parts) => parts.join(dim(' · ')));
  return lines.find((line) => visibleWidth(line) <= width) ?? lines.at(-1) ?? '';
}

/** `claude-opus-4-6 (pinned)`, or `auto → claude-haiku-4-5` after the router chose. */
function describeModel(pinned: string | null, { lastModel }: ConversationUse): string {
  if (pinned !== null) return `${oneLine(pinned)} (pinned)`;
  const routed = oneLine(lastModel?.split('/').slice(1).join('/') ?? '');
  return routed === '' ? 'auto' : `auto → ${routed}`;
}

/** From here on a person should know that the conversation gets long. */
const fullShare = 0.8;

function describeContext(
  { contextTokens, lastModel }: ConversationUse,
  windows: Pick<ModelWindows, 'sizeOf'>,
): string[] {
  if (contextTokens === null || lastModel === null) return [];
  const size = windows.sizeOf(lastModel);
  if (size === null) return [];
  const share = contextTokens / size;
  const text = `ctx ${share > 0 && share < 0.01 ? '<1' : Math.round(share * 100)}%`;
  return [share >= fullShare ? yellow(text) : dim(text)];
}

function describeCost({ costUsd, unknownCosts }: ConversationUse): string {
  if (unknownCosts === 0) return formatCost(costUsd);
  return costUsd === null ? 'cost unknown' : `${formatCost(costUsd)} + ?`;
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
