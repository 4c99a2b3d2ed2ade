import { moveDraft } from '../../composer/field/kept-draft.ts';
import { pathOfConversation } from '../../navigation/conversation-path.ts';
import { exportFile, forkConversation, updateConversation } from '../../rest/conversations.ts';
import { inConversation, type PageCommand } from '../command-context.ts';
import { saveFile } from './save-file.ts';

const maxTitleChars = 200;

/** `/rename <title>` */
export const rename = inConversation(async (title, id) => {
  if (title === '') return 'Say the new title: /rename <title>.';
  await updateConversation(id, { title: title.slice(0, maxTitleChars) });
  return null;
});

/** `/fork`: the copy begins with everything that was said until now. */
export const fork = inConversation(async (_argument, id, { go }) => {
  const copy = await forkConversation(id);
  moveDraft(id, copy);
  go(pathOfConversation(copy));
  return 'This is a copy from here on; the list has the other one.';
});

/** `/export [markdown|json] [file]` */
export const exportConversation = inConversation(async (argument, id, { view }) => {
  const [, format = 'markdown', named = ''] = /^(json|markdown)?\s*(.*)$/.exec(argument) ?? [];
  const isJson = format === 'json' || named.endsWith('.json');
  const text = await exportFile(id, isJson ? 'json' : 'markdown');
  const words = (view?.title ?? 'conversation').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const name = named || `mosaic-${words.join('-').slice(0, 60)}.${isJson ? 'json' : 'md'}`;
  saveFile({ name, text, type: isJson ? 'application/json' : 'text/markdown' });
  return `Saved as ${name}.`;
});

/** A command that turns one thing about this conversation on, and off again. */
const turn = (
  about: 'isPinned' | 'isArchived' | 'isIncognito',
  on: string,
  off: string,
): PageCommand =>
  inConversation(async (_argument, id, { view }) => {
    const isOn = view?.[about] !== true;
    await updateConversation(id, { [about]: isOn });
    return isOn ? on : off;
  });

export const pin = turn('isPinned', 'Pinned in front of the list.', 'No longer pinned.');

export const archive = turn(
  'isArchived',
  'Archived: out of the list, and still found by search.',
  'Back in the list.',
);

export const incognito = turn(
  'isIncognito',
  'Incognito: nothing of this conversation is remembered, and nothing remembered is used in it.',
  'No longer incognito: what is said from now on may be remembered.',
);
