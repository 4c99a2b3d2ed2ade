import type { JsonRecord } from './loose-json.ts';

/** A tool call a model made earlier, as the request shows it. */
export interface SeenCall {
  readonly id: string;
  readonly name: string;
}

/** One turn of the history; a tool's result is a turn of its own, whatever the vendor calls it. */
export interface SeenTurn {
  readonly role: 'user' | 'assistant' | 'tool';
  readonly text: string;
  readonly calls?: readonly SeenCall[];
  /** On a tool's result: the call it answers. Ollama names the tool instead. */
  readonly callId?: string;
  readonly toolName?: string;
}

export interface SeenTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly parameters: JsonRecord;
}

/** What a request asks for, in one form for all vendors. */
export interface SeenRequest {
  readonly model: string;
  readonly isStreamed: boolean;
  readonly system: string;
  readonly turns: readonly SeenTurn[];
  readonly tools: readonly SeenTool[];
  readonly wantsThinking: boolean;
  /** Upper limit of the answer in tokens, when the request names one. */
  readonly maxTokens?: number;
  /** JSON Schema the answer must have, `{}` for any JSON; absent for plain text. */
  readonly jsonSchema?: JsonRecord;
  /** The body as it came, for what only one vendor knows. */
  readonly body: JsonRecord;
}

/** Four characters make one token: near enough for English, and the same everywhere. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

/** Tokens of everything a model would read: system prompt, turns and tool declarations. */
export function countInputTokens(request: SeenRequest): number {
  const tools = request.tools.length === 0 ? '' : JSON.stringify(request.tools);
  const turns = request.turns.reduce((sum, turn) => sum + countTokens(turn.text) + 3, 0);
  return countTokens(request.system) + turns + countTokens(tools) + 3;
}

/** Calls of an assistant turn that no later turn answers: vendors refuse such a history. */
export function findUnansweredCalls(turns: readonly SeenTurn[]): readonly string[] {
  const answered = new Set(turns.flatMap((turn) => turn.callId ?? []));
  return turns
    .flatMap((turn) => turn.calls ?? [])
    .map((call) => call.id)
    .filter((id) => id !== '' && !answered.has(id));
}
