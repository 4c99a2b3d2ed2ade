import type { VendorCase } from '../vendor-cases.ts';

type Json = Readonly<Record<string, unknown>>;

/** One event as the standard reads it: its name, and its data when that is a JSON object. */
interface WireEvent {
  readonly name: string | undefined;
  readonly data: Json | undefined;
  readonly isDone: boolean;
}

/**
 * Whether bytes hold an event, complete and readable, in which this vendor says that the answer ended
 * well, and none in which it says that it failed. Knows nothing of adapters and SDKs.
 */
export function saysSuccess({ name }: VendorCase, bytes: Buffer, then: 'end' | 'cut'): boolean {
  // What is only half there when the connection breaks was never said.
  const lines = bytes.toString().split(name === 'ollama' ? '\n' : /\r\n|\n|\r/);
  const heardLines = then === 'cut' ? lines.slice(0, -1) : [...lines, ''];
  const events = name === 'ollama' ? readLines(heardLines) : readEvents(heardLines);
  const end = events.findIndex(({ isDone }) => isDone);
  const heard = end === -1 ? events : events.slice(0, end + 1);
  return (
    heard.some((event) => successes[name](event)) && !heard.some((event) => failures[name](event))
  );
}

const successes: Readonly<Record<VendorCase['name'], (event: WireEvent) => boolean>> = {
  anthropic: ({ name, data }) =>
    name !== undefined &&
    data?.['type'] === 'message_delta' &&
    ['end_turn', 'stop_sequence', 'tool_use'].includes(
      wordOf(inside(data, 'delta')['stop_reason']),
    ),
  openai: ({ data }) => data?.['type'] === 'response.completed',
  openrouter: ({ data }) => ['stop', 'tool_calls', 'function_call'].includes(finishOf(data)),
  zai: ({ data }) => ['stop', 'tool_calls'].includes(finishOf(data)),
  ollama: ({ data }) => Boolean(data?.['done']) && data?.['done_reason'] === 'stop',
};

const failures: Readonly<Record<VendorCase['name'], (event: WireEvent) => boolean>> = {
  anthropic: ({ name, data }) => name === 'error' && data !== undefined,
  openai: ({ data }) =>
    isError(data) || ['error', 'response.failed'].includes(wordOf(data?.['type'])),
  openrouter: ({ data }) => isError(data) || finishOf(data) === 'error',
  zai: ({ data }) => isError(data) || finishOf(data) === 'network_error',
  ollama: ({ data }) => data !== undefined && 'error' in data,
};

function isError(data: Json | undefined): boolean {
  return Boolean(data?.['error']);
}

function finishOf(data: Json | undefined): string {
  const choices = data?.['choices'];
  const [choice] = Array.isArray(choices) ? choices : [];
  const finish = typeof choice === 'object' && choice !== null ? choice.finish_reason : undefined;
  return wordOf(finish);
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function inside(data: Json | undefined, key: string): Json {
  const value = data?.[key];
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** Server-sent events, by the letter of the standard, but for a last one without its blank line. */
function readEvents(lines: readonly string[]): WireEvent[] {
  const events: WireEvent[] = [];
  let name: string | undefined;
  let data: string[] = [];
  for (const line of lines) {
    const [, field, value = ''] = /^(event|data)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'event') name = value;
    if (field === 'data') data.push(value);
    if (line !== '') continue;
    const text = data.join('\n');
    if (text !== '') events.push({ name, data: toJson(text), isDone: text.startsWith('[DONE]') });
    name = undefined;
    data = [];
  }
  return events;
}

/** The last line of Ollama's stream says `done`; nobody listens any more after it. */
function readLines(lines: readonly string[]): WireEvent[] {
  return lines
    .map((line) => toJson(line))
    .map((data) => ({ name: undefined, data, isDone: Boolean(data?.['done']) }));
}

function toJson(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return typeof value === 'object' && value !== null ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}
