/** A tool call in an answer; `argumentsJson` is a JSON object as text. */
export interface AnsweredCall {
  readonly id: string;
  readonly name: string;
  readonly argumentsJson: string;
}

/** Tokens; `inputTokens` includes what was read from or written to the prompt cache. */
export interface AnsweredUsage {
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** Includes `reasoningTokens`. */
  readonly outputTokens: number;
  readonly reasoningTokens: number;
}

export const answerStops = ['stop', 'tool-calls', 'length', 'content-filter', 'refusal'] as const;
export type AnswerStop = (typeof answerStops)[number];

/** What a model says, cut into the pieces in which it is streamed. */
export interface Answer {
  readonly thinking: readonly string[];
  readonly text: readonly string[];
  readonly calls: readonly AnsweredCall[];
  readonly stop: AnswerStop;
  readonly usage: AnsweredUsage;
}

/** Cuts a text into pieces of about a token; joined again they are the text. */
export function splitIntoTokens(text: string): readonly string[] {
  return text.match(/\s*\p{Script=Han}{1,2}|\s*[^\s\p{Script=Han}]{1,6}|\s+/gu) ?? [];
}

/** Cuts the JSON of a tool call's arguments into the pieces in which it is streamed. */
export function splitArguments(json: string): readonly string[] {
  return json.match(/[\s\S]{1,12}/gu) ?? [];
}
