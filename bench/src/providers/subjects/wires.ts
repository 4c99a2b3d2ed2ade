import { model, question } from './subject.ts';

/** A wire format of OpenAI's, as far as these measurements need it. */
export interface Wire {
  body(isStreamed: boolean): object;
  /** The new text of one event of a stream. */
  textOfEvent(event: unknown): string;
  textOfBody(body: unknown): string;
  /** True for the data of the event that says that the answer is complete. */
  isLast(data: string): boolean;
}

interface ChatAnswer {
  readonly choices?: readonly {
    readonly delta?: { readonly content?: string | null };
    readonly message?: { readonly content?: string | null };
  }[];
}

interface ResponsesAnswer {
  readonly type?: string;
  readonly delta?: string;
  readonly output?: readonly { readonly content?: readonly { readonly text?: string }[] }[];
}

/** Chat completions for a model by this name. */
export function chatWire(modelName = model): Wire {
  return {
    body: (stream) => ({
      model: modelName,
      stream,
      messages: [{ role: 'user', content: question }],
    }),
    textOfEvent: (event) => (event as ChatAnswer).choices?.[0]?.delta?.content ?? '',
    textOfBody: (body) => (body as ChatAnswer).choices?.[0]?.message?.content ?? '',
    isLast: (data) => data === '[DONE]',
  };
}

/** The Responses API, which is what Mosaic asks of OpenAI. */
export const responsesWire: Wire = {
  body: (stream) => ({ model, stream, input: [{ role: 'user', content: question }] }),
  textOfEvent(event) {
    const { delta, type } = event as ResponsesAnswer;
    return type === 'response.output_text.delta' ? (delta ?? '') : '';
  },
  textOfBody(body) {
    const content = (body as ResponsesAnswer).output?.flatMap((item) => item.content ?? []) ?? [];
    return content.map((part) => part.text ?? '').join('');
  },
  isLast: (data) => data.includes('"type":"response.completed"'),
};
