import {
  costPath,
  memoryPath,
  rulesPath,
  searchPathFor,
  storagePath,
} from '../../navigation/page-paths.ts';
import { saveMemory } from '../../rest/memories.ts';
import { bringBack } from '../../rest/storage.ts';
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

/** `/storage [restore]` */
export const storage: PageCommand = async (argument, { conversationId, go }) => {
  if (argument === '') {
    go(storagePath);
    return null;
  }
  if (argument !== 'restore') return 'Write /storage, or /storage restore.';
  if (conversationId === null) return 'Open the conversation that shall come back first.';
  const { events, from } = await bringBack(conversationId);
  return from === 'cold'
    ? `Brought back from the cold: ${events} events.`
    : 'This conversation is not cold: nothing to do.';
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
