import type { Complexity, InheritedTurn, PastWords, TaskProfile } from '@mosaic/proto';
import type { ScopedText } from './classify/scope-text.ts';
import { carriesOn } from './follow-up.ts';

/** What is known of the turns before a message. */
export interface Past {
  /** What the turn before was taken for, when somebody kept it. */
  readonly previousProfile?: Pick<TaskProfile, 'task' | 'complexity'> | undefined;
  /** The last turns, oldest first. */
  readonly history?: readonly PastWords[] | undefined;
}

type Judge = (words: string) => Pick<TaskProfile, 'task' | 'complexity'>;

/** The turn that a message goes on with; undefined when it begins something of its own. */
export function inheritedTurn(
  scoped: ScopedText,
  { history = [], previousProfile }: Past,
  judge: Judge,
): InheritedTurn | undefined {
  const said = history.filter(({ role }) => role === 'user').map(({ content }) => content);
  if (said.length === 0 && previousProfile === undefined) return undefined;
  const why = isToolResult(scoped) ? 'tool-result' : carriesOn(scoped.own);
  if (why === null) return undefined;
  const { turnsBack, words } = turnWithTask(said);
  const { complexity, task } = previousProfile ?? judge(words);
  return {
    turnsBack,
    words: words.replace(/\s+/g, ' ').trim().slice(0, 80),
    task,
    complexity,
    why,
  };
}

/** Nothing but what a tool answered; nobody goes on with bare JSON otherwise. */
function isToolResult({ attachments, isOnlyPasted, own }: ScopedText): boolean {
  if (!isOnlyPasted) return false;
  return attachments.some(({ kind }) => kind === 'tool-result') || /^[[{]\s*["{[]/.test(own);
}

/** The last of the user's turns that had a task of its own; the oldest known when none had. */
function turnWithTask(said: readonly string[]): { turnsBack: number; words: string } {
  const at = said.findLastIndex((words, index) => index === 0 || carriesOn(words) === null);
  if (at === -1) return { turnsBack: 1, words: '' };
  return { turnsBack: said.length - at, words: said[at] ?? '' };
}

const levels: readonly Complexity[] = ['simple', 'moderate', 'complex'];

/** Within a task the tier does not fall: the harder of both. */
export function harderOf(one: Complexity, other: Complexity): Complexity {
  return levels[Math.max(levels.indexOf(one), levels.indexOf(other))] ?? one;
}
