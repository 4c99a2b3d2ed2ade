import { createHash } from 'node:crypto';
import type { Turn } from '@mosaic/proto';

/** Vendors take letters, digits, `_` and `-`, 64 of them. */
const maxChars = 64;

/** The name by which a model knows a tool: `mcp:github:search` is `mcp__github__search` to it. */
export function wireName(name: string): string {
  const plain = name.replaceAll(':', '__').replaceAll(/[^a-zA-Z0-9_-]/g, '_');
  if (plain.length <= maxChars) return plain;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${plain.slice(0, maxChars - digest.length - 1)}_${digest}`;
}

/** The same turns with the names that the model knows. */
export function withWireNames(turns: readonly Turn[]): Turn[] {
  return turns.map((turn) => {
    switch (turn.role) {
      case 'user':
        return turn;
      case 'assistant':
        return {
          ...turn,
          content: turn.content.map((part) =>
            part.type === 'tool-call' ? { ...part, name: wireName(part.name) } : part,
          ),
        };
      case 'tool':
        return {
          ...turn,
          results: turn.results.map((result) => ({ ...result, name: wireName(result.name) })),
        };
      default:
        return turn satisfies never;
    }
  });
}
