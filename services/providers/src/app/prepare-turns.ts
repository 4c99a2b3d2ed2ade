import type { ModelRef, Turn } from '@mosaic/proto';
import { withoutLoneSurrogates } from './history/clean-text.ts';
import { pairCalls } from './history/pair-calls.ts';
import { spellCalls } from './history/spell-calls.ts';
import type { VendorRules } from './vendor/vendor-port.ts';

type AssistantTurn = Extract<Turn, { role: 'assistant' }>;
type AssistantContent = AssistantTurn['content'][number];
type UserTurn = Extract<Turn, { role: 'user' }>;

export interface PrepareOptions {
  /** The model that will read the history. */
  readonly target: ModelRef;
  readonly rules: Pick<VendorRules, 'callIdMaxLength' | 'needsAlternatingRoles'>;
  readonly knowsTools: boolean;
}

/**
 * Makes a history that the target accepts: foreign reasoning dropped, call ids rewritten the same way
 * for call and result, every call answered and every answer called for, lone surrogates and empty
 * text removed. Same input, same output, and a longer history begins with the same turns, so that a
 * vendor's prompt cache sees the same prefix each time.
 */
export function prepareTurns(turns: readonly Turn[], options: PrepareOptions): Turn[] {
  const { callIdMaxLength, needsAlternatingRoles } = options.rules;
  const paired = pairCalls(turns, callIdMaxLength);
  const cleaned = paired.flatMap((turn) => cleanTurn(turn, options));
  const spelled = options.knowsTools ? cleaned : spellCalls(cleaned);
  return closeEnds(needsAlternatingRoles ? mergeSameRole(spelled) : spelled);
}

/** True when both names mean one model: equal, or one carries a release date behind the other. */
export function isSameModel(left: string, right: string): boolean {
  const [short, long] = left.length <= right.length ? [left, right] : [right, left];
  return short === long || (long.startsWith(short) && /^[-@]\d{4}/.test(long.slice(short.length)));
}

function cleanTurn(turn: Turn, options: PrepareOptions): Turn[] {
  switch (turn.role) {
    case 'user':
      return cleanUser(turn);
    case 'assistant':
      return cleanAssistant(turn, options.target);
    case 'tool':
      return [turn];
    default:
      return turn satisfies never;
  }
}

function cleanUser(turn: UserTurn): Turn[] {
  const content = turn.content.flatMap((part): UserTurn['content'] =>
    part.type === 'text' ? cleanWords(part) : [part],
  );
  return content.length === 0 ? [] : [{ role: 'user', content }];
}

function cleanAssistant(turn: AssistantTurn, target: ModelRef): Turn[] {
  const isOwn = turn.by?.provider === target.provider && isSameModel(turn.by.model, target.model);
  const content = turn.content.flatMap((part): AssistantContent[] => {
    if (part.type === 'text') return cleanWords(part);
    if (part.type === 'tool-call') return [part];
    return isOwn ? keepThought(part) : [];
  });
  const says = content.some((part) => part.type !== 'reasoning');
  return says ? [{ ...turn, content }] : [];
}

function cleanWords({ text }: { readonly text: string }) {
  const clean = withoutLoneSurrogates(text);
  return clean.trim() === '' ? [] : [{ type: 'text' as const, text: clean }];
}

/** A sealed thought goes back as it came or not at all: its vendor refuses a changed one. */
function keepThought(part: Extract<AssistantContent, { type: 'reasoning' }>): AssistantContent[] {
  const { signature, text } = part;
  if (signature) return text.isWellFormed() && signature.isWellFormed() ? [part] : [];
  const clean = withoutLoneSurrogates(text);
  return clean === '' ? [] : [{ type: 'reasoning', text: clean }];
}

function mergeSameRole(turns: readonly Turn[]): Turn[] {
  const merged: Turn[] = [];
  for (const turn of turns) {
    const last = merged.at(-1);
    if (last?.role === 'user' && turn.role === 'user') {
      merged[merged.length - 1] = { ...last, content: [...last.content, ...turn.content] };
    } else if (last?.role === 'assistant' && turn.role === 'assistant') {
      merged[merged.length - 1] = { ...last, content: [...last.content, ...turn.content] };
    } else merged.push(turn);
  }
  return merged;
}

/**
 * Lets a user begin and end. Anthropic and the chat templates of many open models refuse another
 * beginning; models since Claude 4.6 answer 400 to a history that ends with their own words.
 */
function closeEnds(turns: readonly Turn[]): Turn[] {
  const begins = turns[0]?.role === 'user';
  const ends = turns.at(-1)?.role !== 'assistant';
  return [
    ...(begins ? [] : [says('(The conversation goes on.)')]),
    ...turns,
    ...(ends ? [] : [says('(Go on.)')]),
  ];
}

function says(text: string): Turn {
  return { role: 'user', content: [{ type: 'text', text }] };
}
