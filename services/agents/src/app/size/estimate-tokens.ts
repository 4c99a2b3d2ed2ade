import type { ToolSpec, Turn } from '@mosaic/proto';

/**
 * Rough size in tokens; for routing and for fitting, never for a bill. Four characters a token fits
 * English; a Chinese or Japanese character is about a token of its own.
 */
export function textTokens(text: string): number {
  let wide = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 0x2e_7f) wide += 1;
  }
  return Math.ceil((text.length - wide) / 4) + wide;
}

export function estimateTokens(turns: readonly Turn[]): number {
  return turns.reduce((sum, turn) => sum + turnTokens(turn), 0);
}

/** Everything of a question that is no turn: it is sent with each of them. */
export function frameTokens(system: string, tools: readonly ToolSpec[]): number {
  return textTokens(system) + (tools.length === 0 ? 0 : textTokens(JSON.stringify(tools)));
}

/** A picture or a file is some 1,000 tokens. */
const attachmentTokens = 1_000;

function turnTokens(turn: Turn): number {
  if (turn.role === 'tool') {
    return turn.results.reduce((sum, result) => sum + textTokens(result.output), 0);
  }
  return turn.content.reduce((sum, part) => {
    if (part.type === 'text' || part.type === 'reasoning') return sum + textTokens(part.text);
    if (part.type === 'tool-call') return sum + textTokens(JSON.stringify(part.arguments));
    return sum + attachmentTokens;
  }, 0);
}
