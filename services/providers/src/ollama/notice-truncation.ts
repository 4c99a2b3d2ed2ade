import type { VendorPart, VendorRequest } from '../app/vendor/vendor-port.ts';

/** Few languages need more characters than this for a token, so the estimate is rather too small. */
const charactersPerToken = 4;

/**
 * Some builds count only the tokens that their prefix cache did not hold. What they count for one new
 * message is less than this; the smallest context that a server cuts to is twice as much.
 */
const smallestCut = 1_024;

export interface ReadPrompt {
  readonly request: VendorRequest;
  /** What the model was to be loaded with. */
  readonly contextTokens: number;
  /** What the server says it read, in tokens; undefined when it did not say. */
  readonly read: number | undefined;
}

/**
 * The server cuts a history that does not fit, and says nothing. It shows in two ways: our own
 * estimate is above the context, or the server read far less than what was sent (when it was started
 * with a smaller context than asked for). Gives a warning or nothing.
 */
export function noticeTruncation({ request, contextTokens, read }: ReadPrompt): VendorPart[] {
  const sent = Math.ceil(countCharacters(request) / charactersPerToken);
  if (sent > contextTokens) {
    const message = `The conversation is longer than the ${contextTokens} tokens that ${request.model} was loaded with; Ollama left out its oldest part.`;
    return [{ type: 'warning', message }];
  }
  if (read === undefined || read < smallestCut || read * 2 > sent) return [];
  const message = `Ollama read ${read} tokens of about ${sent}: it probably left out the oldest part of the conversation. Give ${request.model} more context, or begin a new conversation.`;
  return [{ type: 'warning', message }];
}

/** Characters of everything that the model is to read; images are counted by nobody. */
function countCharacters({ system, tools, turns }: VendorRequest): number {
  let count = (system?.length ?? 0) + (tools.length > 0 ? JSON.stringify(tools).length : 0);
  for (const turn of turns) {
    if (turn.role === 'tool') {
      for (const { output } of turn.results) count += output.length;
      continue;
    }
    for (const part of turn.content) {
      if (part.type === 'text' || part.type === 'reasoning') count += part.text.length;
      if (part.type === 'tool-call') count += JSON.stringify(part.arguments).length;
    }
  }
  return count;
}
