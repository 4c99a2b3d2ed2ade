import type { ToolSpec, Turn } from '@mosaic/proto';

/** Rough size of turns in tokens (four characters each); for routing only, never for a bill. */
export function estimateTokens(turns: readonly Turn[]): number {
  const chars = turns.reduce((sum, turn) => sum + turnChars(turn), 0);
  return Math.ceil(chars / 4);
}

/** Everything of a question that is no turn: it is sent with each of them. */
export function frameTokens(system: string, tools: readonly ToolSpec[]): number {
  const listed = tools.length === 0 ? 0 : JSON.stringify(tools).length;
  return Math.ceil((system.length + listed) / 4);
}

function turnChars(turn: Turn): number {
  if (turn.role === 'tool') {
    return turn.results.reduce((sum, result) => sum + result.output.length, 0);
  }
  return turn.content.reduce((sum, part) => {
    if (part.type === 'text' || part.type === 'reasoning') return sum + part.text.length;
    if (part.type === 'tool-call') return sum + JSON.stringify(part.arguments).length;
    return sum + 4_000;
  }, 0);
}
