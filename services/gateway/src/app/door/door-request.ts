import {
  MosaicError,
  type RequestOf,
  type streamCompletion,
  type ToolSpec,
  type Turn,
} from '@mosaic/proto';

type Completion = RequestOf<typeof streamCompletion>;

/** What steers an answer. It goes on as it is: the providers reduce it to what the model takes. */
export type DoorOptions = Pick<
  Completion,
  | 'effort'
  | 'frequencyPenalty'
  | 'maxOutputTokens'
  | 'outputFormat'
  | 'parallelToolCalls'
  | 'presencePenalty'
  | 'seed'
  | 'stop'
  | 'temperature'
  | 'topP'
>;

/** What a program asks for at one of the doors, in our own words. */
export interface DoorRequest {
  /** `auto`, a model id, `provider/model`, or `agent/<name>`. */
  readonly model: string;
  readonly system: string | null;
  readonly turns: readonly Turn[];
  readonly tools: readonly ToolSpec[];
  readonly toolChoice: Completion['toolChoice'];
  readonly options: DoorOptions;
}

/** Which agent and which model the name at a door means. */
export function readDoorModel(name: string): {
  readonly agent: string | undefined;
  readonly model: string | undefined;
} {
  if (name.startsWith('agent/')) return { agent: name.slice('agent/'.length), model: undefined };
  return { agent: undefined, model: name === 'auto' ? undefined : name };
}

/** The words of the last message that a person wrote: what the router looks at. */
export function lastWords(turns: readonly Turn[]): string {
  const turn = turns.findLast((one) => one.role === 'user');
  if (turn?.role !== 'user') return '';
  return turn.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

/** True when something has to be looked at; the pages of a PDF are. */
export function needsVision(turns: readonly Turn[]): boolean {
  return turns.some(
    (turn) => turn.role === 'user' && turn.content.some((part) => mediaTypeOf(part) === 'seen'),
  );
}

type Part = Extract<Turn, { role: 'user' | 'assistant' }>['content'][number];

function mediaTypeOf(part: Part): 'seen' | 'read' | 'none' {
  if (part.type === 'image') return 'seen';
  if (part.type !== 'file') return 'none';
  return part.mediaType.startsWith('text/') ? 'read' : 'seen';
}

const charsPerToken = 4;
const seenTokens = 1_000;

/** A rough count of the tokens of everything but the last words. */
export function contextTokens(request: DoorRequest): number {
  const chars = request.turns.flatMap((turn) =>
    turn.role === 'tool'
      ? turn.results.map((result) => result.output.length)
      : turn.content.map(charsOf),
  );
  const beside = (request.system ?? '').length + JSON.stringify(request.tools).length;
  const all = chars.reduce((sum, count) => sum + count, beside);
  return Math.max(0, Math.ceil((all - lastWords(request.turns).length) / charsPerToken));
}

function charsOf(part: Part): number {
  if (part.type === 'tool-call') return JSON.stringify(part.arguments).length;
  if (part.type === 'text' || part.type === 'reasoning') return part.text.length;
  // Base64 has four characters for three bytes.
  return mediaTypeOf(part) === 'read' ? part.base64.length * 0.75 : seenTokens * charsPerToken;
}

/** What a `data:` URL holds. Addresses are refused: the gateway fetches nothing for anybody. */
export function readDataUrl(url: string): { mediaType: string; base64: string } {
  const match = /^data:([a-z]+\/[a-z0-9.+-]+)(?:;[a-z0-9=._-]+)*;base64,([A-Za-z0-9+/=]+)$/i.exec(
    url,
  );
  const [, mediaType, base64] = match ?? [];
  if (mediaType === undefined || base64 === undefined) {
    throw new MosaicError(
      'bad_request',
      'Images and files are taken as data: URLs in base64 only.',
    );
  }
  return { mediaType, base64 };
}

/** Parses the arguments of a tool call that a program sends back. */
export function readArguments(json: string): Record<string, unknown> {
  if (json.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return Object.fromEntries(Object.entries(value));
    }
  } catch {
    // The sentence below is for both.
  }
  throw new MosaicError('bad_request', 'The arguments of a tool call are not a JSON object.');
}
