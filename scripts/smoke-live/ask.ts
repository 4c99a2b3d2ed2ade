import {
  type CompletionPart,
  type ModelRef,
  MosaicError,
  streamCompletion,
  type ToolCall,
  type ToolSpec,
  type Turn,
} from '@mosaic/proto';
import type { Bus, SignedCaller } from '@mosaic/service-kit';

/** The providers service as the gateway would ask it. */
export interface Asker {
  readonly bus: Bus;
  readonly caller: SignedCaller;
}

export interface Question {
  readonly model: ModelRef;
  readonly turns: readonly Turn[];
  readonly tools?: readonly ToolSpec[];
  /** Called with each part as it comes. */
  readonly onPart?: (part: CompletionPart) => void;
  readonly signal?: AbortSignal;
}

export type EndPart = Extract<CompletionPart, { type: 'end' }>;

export interface Answer {
  readonly text: string;
  readonly textParts: number;
  /** The assistant's turn, as the history needs it. */
  readonly turn: Turn;
  readonly calls: readonly ToolCall[];
  readonly end: EndPart;
}

/** Enough for a model that thinks before it answers, and still cheap. */
const maxOutputTokens = 1_000;

/** Asks one model and reads its answer to the end. Throws MosaicError when it ends with an error. */
export async function ask({ bus, caller }: Asker, question: Question): Promise<Answer> {
  const { model, onPart, signal, tools = [], turns } = question;
  const request = {
    candidates: [model],
    system: 'Answer as briefly as you can.',
    turns: [...turns],
    tools: [...tools],
    maxOutputTokens,
    effort: 'low' as const,
    purpose: 'probe' as const,
  };
  const parts: CompletionPart[] = [];
  for await (const part of bus.stream(streamCompletion, request, {
    caller,
    ...(signal && { signal }),
  })) {
    parts.push(part);
    onPart?.(part);
  }
  const last = parts.at(-1);
  if (last?.type === 'error') throw new MosaicError(last.failure.code, last.failure.message);
  if (last?.type !== 'end') throw new MosaicError('internal', 'The stream has no last part.');
  return readAnswer(model, parts, last);
}

function readAnswer(by: ModelRef, parts: readonly CompletionPart[], end: EndPart): Answer {
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const calls = parts.flatMap((part) => (part.type === 'tool-call' ? [part.call] : []));
  return {
    text: texts.join(''),
    textParts: texts.length,
    turn: { role: 'assistant', content: contentOf(parts), by },
    calls,
    end,
  };
}

type Content = Extract<Turn, { role: 'assistant' }>['content'];

/** A stream gives thinking in pieces and its seal last; the history needs each block whole. */
function contentOf(parts: readonly CompletionPart[]): Content {
  const content: Content = [];
  for (const part of parts) {
    const last = content.at(-1);
    if (part.type === 'tool-call') content.push({ ...part.call, type: 'tool-call' });
    else if (part.type === 'text') {
      if (last?.type === 'text') last.text += part.text;
      else content.push({ ...part });
    } else if (part.type === 'reasoning') {
      const isSameBlock = last?.type === 'reasoning' && last.signature === undefined;
      if (isSameBlock) Object.assign(last, { ...part, text: last.text + part.text });
      else content.push({ ...part });
    }
  }
  return content;
}

export function say(text: string): Turn {
  return { role: 'user', content: [{ type: 'text', text }] };
}
