import { createHash } from 'node:crypto';
import type { ModelRef, ToolResult, Turn } from '@mosaic/proto';
import type { VendorRules } from './vendor/vendor-port.ts';

type AssistantTurn = Extract<Turn, { role: 'assistant' }>;
type AssistantContent = AssistantTurn['content'][number];
type UserTurn = Extract<Turn, { role: 'user' }>;

export interface PrepareOptions {
  /** The model that will read the history. */
  readonly target: ModelRef;
  readonly rules: Pick<VendorRules, 'callIdMaxLength' | 'needsAlternatingRoles'>;
  readonly canSeeImages: boolean;
}

/**
 * Makes a history that the target accepts: foreign reasoning dropped, call ids rewritten the same way
 * for call and result, every call answered and every answer called for, lone surrogates and empty
 * text removed, images replaced by a note for models that can't see. Same input, same output, so that
 * a vendor's prompt cache sees the same prefix each time.
 */
export function prepareTurns(turns: readonly Turn[], options: PrepareOptions): Turn[] {
  const cleaned = turns.flatMap((turn) => cleanTurn(turn, options));
  const answered = answerOrphans(cleaned);
  if (!options.rules.needsAlternatingRoles) return answered;
  const merged = mergeSameRole(answered);
  return merged[0]?.role === 'assistant' ? [openingTurn, ...merged] : merged;
}

/** Keeps a call id that the vendor accepts; else cleans it and adds a short hash of the original. */
export function rewriteCallId(id: string, maxLength: number): string {
  if (id.length <= maxLength && /^[A-Za-z0-9_-]+$/.test(id)) return id;
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 8);
  const clean = id.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, maxLength - hash.length - 1);
  return `${clean}_${hash}`;
}

/** Removes halves of surrogate pairs, which several vendors refuse as invalid JSON text. */
export function withoutLoneSurrogates(text: string): string {
  return text.isWellFormed() ? text : text.replace(/\p{Surrogate}/gu, '');
}

/** True when both names mean one model: equal, or one carries a release date behind the other. */
export function isSameModel(left: string, right: string): boolean {
  const [short, long] = left.length <= right.length ? [left, right] : [right, left];
  return short === long || (long.startsWith(short) && /^[-@]\d{4}/.test(long.slice(short.length)));
}

const openingTurn: Turn = {
  role: 'user',
  content: [{ type: 'text', text: '(The conversation goes on.)' }],
};

function cleanTurn(turn: Turn, options: PrepareOptions): Turn[] {
  switch (turn.role) {
    case 'user':
      return cleanUser(turn, options.canSeeImages);
    case 'assistant':
      return cleanAssistant(turn, options);
    case 'tool':
      return [
        { role: 'tool', results: turn.results.map((result) => cleanResult(result, options)) },
      ];
    default:
      return turn satisfies never;
  }
}

function cleanUser(turn: UserTurn, canSeeImages: boolean): Turn[] {
  const content = turn.content
    .map((part): UserTurn['content'][number] => {
      if (part.type === 'text') return { type: 'text', text: withoutLoneSurrogates(part.text) };
      if (canSeeImages) return part;
      return { type: 'text', text: '[An image was here; this model cannot see images.]' };
    })
    .filter((part) => part.type !== 'text' || part.text.trim() !== '');
  return content.length === 0 ? [] : [{ role: 'user', content }];
}

function cleanAssistant(turn: AssistantTurn, options: PrepareOptions): Turn[] {
  const { target, rules } = options;
  const isOwn = turn.by?.provider === target.provider && isSameModel(turn.by.model, target.model);
  const content = turn.content.flatMap((part): AssistantContent[] => {
    if (part.type === 'reasoning') return isOwn ? [part] : [];
    if (part.type === 'text') {
      const text = withoutLoneSurrogates(part.text);
      return text.trim() === '' ? [] : [{ type: 'text', text }];
    }
    return [
      {
        ...part,
        id: rewriteCallId(part.id, rules.callIdMaxLength),
        arguments: cleanValue(part.arguments) as Record<string, unknown>,
      },
    ];
  });
  const says = content.some((part) => part.type !== 'reasoning');
  return says ? [{ ...turn, content }] : [];
}

function cleanResult(result: ToolResult, { rules }: PrepareOptions): ToolResult {
  return {
    ...result,
    callId: rewriteCallId(result.callId, rules.callIdMaxLength),
    output: withoutLoneSurrogates(result.output),
  };
}

function cleanValue(value: unknown): unknown {
  if (typeof value === 'string') return withoutLoneSurrogates(value);
  if (Array.isArray(value)) return value.map(cleanValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [withoutLoneSurrogates(key), cleanValue(inner)]),
  );
}

/** Every call gets exactly one result right behind it; results nobody asked for are dropped. */
function answerOrphans(turns: readonly Turn[]): Turn[] {
  return turns.flatMap((turn, index): Turn[] => {
    if (turn.role === 'tool') return [];
    if (turn.role === 'user') return [turn];
    const calls = turn.content.filter((part) => part.type === 'tool-call');
    if (calls.length === 0) return [turn];
    const answers = calls.map(
      ({ id, name }): ToolResult =>
        findResult(turns, { id, after: index }) ?? {
          callId: id,
          name,
          output: 'The call was interrupted and has no result.',
          isError: true,
        },
    );
    return [turn, { role: 'tool', results: answers }];
  });
}

/** The result of a call; some vendors use an id again in a later turn, so the search ends there. */
function findResult(
  turns: readonly Turn[],
  { id, after }: { readonly id: string; readonly after: number },
): ToolResult | undefined {
  for (const turn of turns.slice(after + 1)) {
    if (turn.role === 'tool') {
      const result = turn.results.find((one) => one.callId === id);
      if (result) return result;
    } else if (turn.role === 'assistant') {
      if (turn.content.some((part) => part.type === 'tool-call' && part.id === id))
        return undefined;
    }
  }
  return undefined;
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
