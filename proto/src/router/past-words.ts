import type { Turn } from '../providers/turns.ts';
import { maxPastTurns, type PastWords } from './decide-route.ts';

/** The beginning of a turn says what it was about. */
const keptChars = 2_000;

/** The last of these turns, as the router is told of them. */
export function pastWordsOf(turns: readonly Turn[]): PastWords[] {
  return turns.slice(-maxPastTurns).map((turn) => {
    const texts =
      turn.role === 'tool'
        ? turn.results.map(({ output }) => output)
        : turn.content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
    return { role: turn.role, content: texts.join('\n').slice(0, keptChars) };
  });
}
