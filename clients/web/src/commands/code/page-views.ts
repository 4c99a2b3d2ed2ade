import { costPath, memoryPath, rulesPath, searchPathFor } from '../../navigation/page-paths.ts';
import { saveMemory } from '../../rest/memories.ts';
import type { PageCommand } from '../command-context.ts';

const show =
  (pathFor: (argument: string) => string): PageCommand =>
  async (argument, { go }) => {
    go(pathFor(argument));
    return null;
  };

export const begin = show(() => '/');
export const rules = show(() => rulesPath);
export const memory = show((words) =>
  words === '' ? memoryPath : `${memoryPath}?q=${encodeURIComponent(words)}`,
);
export const history = show(searchPathFor);

/** `/cost`, with that of the conversation it is asked in. */
export const cost: PageCommand = async (_argument, { conversationId, go }) => {
  go(conversationId === null ? costPath : `${costPath}?q=${conversationId}`);
  return null;
};

/** `/search <words>` */
export const search = show(searchPathFor);

/** `/remember <fact>` */
export const remember: PageCommand = async (text) => {
  if (text === '') return 'Say what to remember: /remember <fact>.';
  const saved = await saveMemory(text);
  return saved.isNew ? `Remembered: ${saved.text}` : `That is remembered already: ${saved.text}`;
};

/** `/help` */
export const help: PageCommand = async (_argument, { open }) => {
  open('help');
  return null;
};
