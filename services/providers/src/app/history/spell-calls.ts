import type { Turn } from '@mosaic/proto';

/**
 * Writes tool calls and their results as words, for models that know no tools: their servers leave
 * both out silently, and the model would not know what was found.
 */
export function spellCalls(turns: readonly Turn[]): Turn[] {
  return turns.map((turn): Turn => {
    if (turn.role === 'user') return turn;
    if (turn.role === 'tool') {
      const content = turn.results.map(({ name, output }) => words(`[${name} said: ${output}]`));
      return { role: 'user', content };
    }
    const content = turn.content.map((part) =>
      part.type === 'tool-call'
        ? words(`[Called ${part.name} with ${JSON.stringify(part.arguments)}.]`)
        : part,
    );
    return { ...turn, content };
  });
}

function words(text: string) {
  return { type: 'text' as const, text };
}
