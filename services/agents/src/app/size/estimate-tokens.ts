import { type ToolSpec, type Turn, textTokens } from '@mosaic/proto';

/** Rough size of turns in tokens, see `textTokens`. */
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
