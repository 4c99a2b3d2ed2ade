import { createHash } from 'node:crypto';
import type { ApprovalAnswer, ConversationEvent, EventOfType } from '@mosaic/proto';

/** What a room is told of a question about a tool call. */
export type ApprovalNews = EventOfType<'approval.asked' | 'approval.answered' | 'approval.expired'>;

/** Longest arguments that are shown in a room, in characters. */
const maxShownArguments = 600;
/** Longest name of a speaker in the log. */
const maxSpeakerChars = 200;

const choices: readonly (readonly [ApprovalAnswer, RegExp])[] = [
  ['once', /^(?:1|once|yes|allow)$/],
  ['conversation', /^(?:2|conversation|in this conversation)$/],
  ['deny', /^(?:3|deny|no)$/],
];

const saidOf: Readonly<Record<ApprovalAnswer, string>> = {
  once: 'The call was allowed once.',
  conversation: 'The call was allowed, and calls like it are for the rest of this conversation.',
  deny: 'The call was not allowed.',
};

/** The words for a chat room. */
export function describeApproval(event: ApprovalNews): string {
  switch (event.type) {
    case 'approval.asked':
      return question(event);
    case 'approval.answered':
      return saidOf[event.answer];
    case 'approval.expired':
      return 'Nobody answered in time, so the call is not made.';
    default:
      return event satisfies never;
  }
}

function question({ covers, expiresAt, tool, ...asked }: EventOfType<'approval.asked'>): string {
  const given = JSON.stringify(asked.arguments);
  const shown =
    given.length > maxShownArguments ? `${given.slice(0, maxShownArguments)}… (cut)` : given;
  return [
    `The agent asks to call ${tool} with ${shown}`,
    'Only who asked for this answer may say:',
    '1 – allow it once',
    `2 – allow it in this conversation (${covers})`,
    '3 – deny it',
    `After ${expiresAt.slice(11, 16)} UTC it counts as denied.`,
  ].join('\n');
}

/** What somebody chose; undefined for words that are no choice. */
export function readChoice(text: string): ApprovalAnswer | undefined {
  const said = text
    .trim()
    .toLowerCase()
    .replace(/[.)!]$/, '');
  return choices.find(([, words]) => words.test(said))?.[0];
}

export interface WaitingCall {
  readonly callId: string;
  /** Who wrote the message that the call is made for, as `speakerOf` names them. */
  readonly speaker: string | undefined;
}

/** The call that waits for longest. */
export function oldestWaiting(
  events: readonly ConversationEvent[],
  nowMs: number,
): WaitingCall | undefined {
  const waiting = new Map<string, EventOfType<'approval.asked'>>();
  const messageOf = new Map<string, string>();
  const speakers = new Map<string, string | undefined>();
  for (const event of events) {
    if (event.type === 'message.added') speakers.set(event.messageId, event.speaker);
    if (event.type === 'approval.asked') waiting.set(event.callId, event);
    if ('callId' in event && event.type !== 'approval.asked') waiting.delete(event.callId);
    if (!('run' in event) || !('messageId' in event)) continue;
    messageOf.set(event.run, event.messageId);
    // Whatever ends or begins a run anew: its questions are over.
    if (event.type !== 'turn.routed') waiting.clear();
  }
  const [asked] = [...waiting.values()].filter(({ expiresAt }) => Date.parse(expiresAt) > nowMs);
  if (asked === undefined) return undefined;
  return { callId: asked.callId, speaker: speakers.get(messageOf.get(asked.run) ?? '') };
}

/** Who wrote, as the log keeps it: a handle, or a digest of one that is too long for it. */
export function speakerOf(handle: string): string {
  if (handle.length <= maxSpeakerChars) return handle;
  return createHash('sha256').update(handle).digest('hex');
}
