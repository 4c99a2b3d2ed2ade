import { MosaicError, type ToolSpec, type Turn } from '@mosaic/proto';

/** What a program asks for at one of the doors, in our own words. */
export interface DoorRequest {
  /** `auto`, a model id, `provider/model`, or `agent/<name>`. */
  readonly model: string;
  readonly system: string | null;
  readonly turns: readonly Turn[];
  readonly tools: readonly ToolSpec[];
  readonly toolChoice: 'auto' | 'none' | 'required';
  readonly temperature?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
  readonly effort?: 'low' | 'medium' | 'high' | undefined;
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

export function hasImages(turns: readonly Turn[]): boolean {
  return turns.some(
    (turn) => turn.role === 'user' && turn.content.some((part) => part.type === 'image'),
  );
}

const charsPerToken = 4;
const imageTokens = 1_000;

/** A rough count of the tokens of everything but the last words. */
export function contextTokens(request: DoorRequest): number {
  const texts = request.turns.flatMap((turn) => {
    if (turn.role === 'tool') return turn.results.map((result) => result.output);
    return turn.content.map((part) => {
      if (part.type === 'image') return 'x'.repeat(imageTokens * charsPerToken);
      return part.type === 'tool-call' ? JSON.stringify(part.arguments) : part.text;
    });
  });
  const whole = [request.system ?? '', JSON.stringify(request.tools), ...texts];
  const chars = whole.reduce((sum, text) => sum + text.length, 0) - lastWords(request.turns).length;
  return Math.max(0, Math.ceil(chars / charsPerToken));
}

/** An image from a `data:` URL. Addresses are refused: the gateway fetches nothing for anybody. */
export function readImageUrl(url: string): { mediaType: string; base64: string } {
  const match = /^data:([a-z]+\/[a-z0-9.+-]+);base64,([A-Za-z0-9+/=]+)$/i.exec(url);
  const [, mediaType, base64] = match ?? [];
  if (mediaType === undefined || base64 === undefined) {
    throw new MosaicError('bad_request', 'Images are taken as data: URLs in base64 only.');
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
