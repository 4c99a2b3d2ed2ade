import { z } from 'zod';

/** A tag: what a person files conversations under. */
export const tagSchema = z.string().trim().min(1).max(40);
export const tagsSchema = z.array(tagSchema).max(20);

/** How a person keeps a conversation: where it stands in lists, and what it leaves behind. */
export interface Arrangement {
  /** In front of the list. */
  readonly isPinned: boolean;
  /** Out of the list, but still there and found. */
  readonly isArchived: boolean;
  /** Nothing is remembered from it, nothing recalled in it. */
  readonly isIncognito: boolean;
  readonly tags: readonly string[];
}

/** What may be changed of it; left out stays as it is. */
export const arrangementChanges = {
  isPinned: z.boolean().optional(),
  isArchived: z.boolean().optional(),
  isIncognito: z.boolean().optional(),
  tags: tagsSchema.optional(),
};

const changesSchema = z.object(arrangementChanges);
export type ArrangementChanges = z.infer<typeof changesSchema>;

export const unarranged: Arrangement = {
  isPinned: false,
  isArchived: false,
  isIncognito: false,
  tags: [],
};

/** The arrangement after changes; each tag once, in the order given. */
export function arrange(before: Arrangement, changes: ArrangementChanges): Arrangement {
  return {
    isPinned: changes.isPinned ?? before.isPinned,
    isArchived: changes.isArchived ?? before.isArchived,
    isIncognito: changes.isIncognito ?? before.isIncognito,
    tags: changes.tags === undefined ? before.tags : [...new Set(changes.tags)],
  };
}
