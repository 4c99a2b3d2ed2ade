import { type CompletionPart, MosaicError, type Thought, type ToolCall } from '@mosaic/proto';
import { gatherThoughts } from './gather-thoughts.ts';
import type { CompletionQuestion, TurnPorts } from './ports.ts';
import { encodedBytes } from './size/encoded-size.ts';
import { noteEnd, noteStart, noteWarning, type Tally } from './tally.ts';

/** Longest text of one step in bytes: its event must stay below the bus limit of 1 MB. */
export const maxStepBytes = 700_000;

/** One model call, finished one way or the other. */
export interface StepAnswer {
  readonly text: string;
  readonly thoughts: readonly Thought[];
  readonly calls: readonly ToolCall[];
  readonly end: Extract<CompletionPart, { type: 'end' | 'error' }>;
  readonly tally: Tally;
}

export interface StepPlace {
  readonly run: string;
  readonly step: number;
}

/** Asks the model once and shows its words while they come. */
export async function answerStep(
  ports: Pick<TurnPorts, 'complete' | 'show' | 'nowMs'>,
  question: CompletionQuestion,
  at: StepPlace & { readonly tally: Tally },
): Promise<StepAnswer> {
  const { run, step } = at;
  let { tally } = at;
  let text = '';
  let bytes = 0;
  const calls: ToolCall[] = [];
  const thoughts = gatherThoughts();
  for await (const part of ports.complete(question)) {
    switch (part.type) {
      case 'start':
        tally = noteStart(tally, part, ports.nowMs());
        break;
      case 'text':
        bytes += encodedBytes(part.text);
        if (bytes > maxStepBytes) throw tooLong();
        text += part.text;
        ports.show({ run, step, kind: 'text', text: part.text });
        break;
      case 'reasoning':
        thoughts.add(part);
        if (part.text !== '') ports.show({ run, step, kind: 'reasoning', text: part.text });
        break;
      case 'warning':
        tally = noteWarning(tally, part.message);
        break;
      case 'tool-call':
        calls.push(part.call);
        break;
      case 'end':
      case 'error':
        return { text, thoughts: thoughts.all(), calls, end: part, tally: noteEnd(tally, part) };
      default:
        break;
    }
  }
  throw new TypeError('a completion stream ended without a terminal part');
}

function tooLong(): MosaicError {
  const message = `The answer is longer than ${maxStepBytes} bytes, the most that can be kept.`;
  return new MosaicError('body_too_large', message);
}
