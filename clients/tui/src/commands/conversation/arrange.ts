import type { RunCommand } from '../command.ts';

type Switch = 'isPinned' | 'isArchived' | 'isIncognito';

/** A command that turns one thing about this conversation on, and off again. */
const turn =
  (about: Switch, on: string, off: string): RunCommand =>
  async (_argument, { print, session }) => {
    const isOn = !session.state.conversation[about];
    await session.change({ [about]: isOn });
    print([isOn ? on : off]);
  };

/** `/pin` */
export const pin = turn('isPinned', 'Pinned in front of the list.', 'No longer pinned.');

/** `/archive` */
export const archive = turn(
  'isArchived',
  'Archived: out of the list, and still found by /search.',
  'Back in the list.',
);

/** `/incognito` */
export const incognito = turn(
  'isIncognito',
  'Incognito: nothing of this conversation is remembered, and nothing remembered is used in it.',
  'No longer incognito: what is said from now on may be remembered.',
);
