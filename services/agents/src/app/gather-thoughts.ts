import type { Thought } from '@mosaic/proto';

/** More thinking than this is not kept, in characters: the event of its step has to stay small. */
const mostCharacters = 200_000;

/**
 * Puts the pieces of a model's thinking together. A seal closes the thought before it; one without
 * words is a thought of its own, which the vendor shows nobody.
 */
export function gatherThoughts() {
  const closed: Thought[] = [];
  let open = '';
  let characters = 0;
  return {
    add({ signature, text }: Thought): void {
      characters += text.length + (signature?.length ?? 0);
      if (characters > mostCharacters) return;
      open += text;
      if (signature === undefined) return;
      closed.push({ text: open, signature });
      open = '';
    },
    /** All of it in order; none when it was too long, because half of it would be refused. */
    all(): readonly Thought[] {
      if (characters > mostCharacters) return [];
      return open === '' ? closed : [...closed, { text: open }];
    },
  };
}
