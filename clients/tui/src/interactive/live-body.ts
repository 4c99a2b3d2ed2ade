import { formatDuration } from '@mosaic/proto/client';
import type { KeyMap } from '../keys/key-map.ts';
import { truncateToWidth } from '../screen/pi-tui.ts';
import { cyan, dim } from '../screen/style.ts';
import type { ChatState, PendingMessage } from '../state/chat-state.ts';
import { runningTurn } from '../state/running-turn.ts';
import { oneLine } from '../text/neutralise-controls.ts';
import { runningLine } from '../text/routing-line.ts';

export interface LiveBodyInput {
  readonly state: ChatState;
  /** Open lines of the running answer. */
  readonly open: readonly string[];
  /** Messages that wait here for the end of the turn. */
  readonly held: readonly string[];
  readonly width: number;
  readonly rows: number;
  /** Since when something runs; null when nothing does. */
  readonly runningSinceMs: number | null;
  readonly nowMs: number;
  readonly keyMap: Pick<KeyMap, 'label'>;
}

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
/** Also the rate at which the spinner is redrawn: 8 per second. */
export const spinnerMs = 125;
const shownPending = 3;
/** With more rows than this a blank line sets the editor apart. */
const roomyRows = 12;

/** Everything between the finished transcript and the editor, at most `rows` lines. */
export function liveBody(input: LiveBodyInput): string[] {
  const { state, width, rows } = input;
  const status = statusLine(input);
  const isAnswering = runningTurn(state).phase === 'answering';
  const pending = state.pending
    .slice(0, shownPending)
    .map((message) => pendingLine(message, { width, isAnswering }));
  const more = state.pending.length - shownPending;
  const sent = more > 0 ? [...pending, dim(`  and ${more} more`)] : pending;
  const waiting = [...sent, ...heldLines(input)];
  const below = isAnswering ? ['', ...status, ...waiting] : ['', ...waiting, ...status];
  const fixed = below.length > 1 ? below : rows > roomyRows ? [''] : [];
  return [...lastRows(input.open, Math.max(0, rows - fixed.length)), ...fixed];
}

/** The end of a block that is longer than its place, and how much of it is above. */
function lastRows(lines: readonly string[], rows: number): readonly string[] {
  if (lines.length <= rows) return lines;
  if (rows <= 0) return [];
  const shown = rows - 1;
  return [
    dim(`… ${lines.length - shown} lines above`),
    ...lines.slice(lines.length - shown, lines.length),
  ];
}

/** What is queued here, oldest first, and how to get it back. */
function heldLines({ held, keyMap, width }: LiveBodyInput): string[] {
  const shown = held.slice(0, shownPending).map((text) => {
    const line = truncateToWidth(oneLine(text.slice(0, 400)), Math.max(8, width - 12), '…');
    return `${dim('❯')} ${line} ${dim('(queued)')}`;
  });
  const more = held.length > shownPending ? [dim(`  and ${held.length - shownPending} more`)] : [];
  const hint = truncateToWidth(
    `  ${keyMap.label('pull-back')} takes the last one back`,
    width,
    '…',
  );
  return held.length === 0 ? [] : [...shown, ...more, dim(hint)];
}

function statusLine({ keyMap, state, width, runningSinceMs, nowMs }: LiveBodyInput): string[] {
  const turn = runningTurn(state);
  const isLoading = state.isStored && !state.isLive;
  if (turn.phase === 'idle' || isLoading) return [];
  const isOnline = state.connection.phase === 'online';
  if (!isOnline) {
    const isRouting = turn.phase === 'routing';
    return [
      dim(`  ${isRouting ? 'waiting for the connection…' : 'the answer goes on at the server'}`),
    ];
  }
  const frame = spinner[Math.floor(nowMs / spinnerMs) % spinner.length] ?? '';
  const ranMs = runningSinceMs === null ? 0 : nowMs - runningSinceMs;
  const ran = ranMs < 2_000 ? '' : ` ${formatDuration(Math.floor(ranMs / 1_000) * 1_000)}`;
  const text = runningLine(turn.phase === 'answering' ? turn.answer : null);
  const hint = `${ran} · ${keyMap.label('interrupt')} stops`;
  const room = Math.max(8, width - 3 - hint.length);
  return [`${cyan(frame)} ${truncateToWidth(text, room, '…')}${dim(hint)}`];
}

function pendingLine(
  message: PendingMessage,
  { width, isAnswering }: { readonly width: number; readonly isAnswering: boolean },
): string {
  const state = message.status === 'sending' ? 'sending' : isAnswering ? 'queued' : 'sent';
  const text = truncateToWidth(oneLine(message.text.slice(0, 400)), Math.max(8, width - 14), '…');
  return `${dim('❯')} ${text} ${dim(`(${state})`)}`;
}
