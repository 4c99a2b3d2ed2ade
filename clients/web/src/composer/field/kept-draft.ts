const keyOf = (conversationId: string | null): string => `mosaic.draft.${conversationId ?? 'new'}`;

/** What is being written in a conversation: the text in the field, and long pastes beside it. */
export interface Draft {
  readonly text: string;
  readonly pasted: readonly string[];
}

export const emptyDraft: Draft = { text: '', pasted: [] };

const isDraft = (value: unknown): value is Draft =>
  typeof value === 'object' &&
  value !== null &&
  'text' in value &&
  typeof value.text === 'string' &&
  'pasted' in value &&
  Array.isArray(value.pasted) &&
  value.pasted.every((one) => typeof one === 'string');

/** What this tab was writing there. */
export function loadDraft(conversationId: string | null): Draft {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(conversationId)) ?? 'null');
    return isDraft(kept) ? kept : emptyDraft;
  } catch {
    return emptyDraft;
  }
}

/** Keeps it for a reload of this tab. */
export function keepDraft(conversationId: string | null, draft: Draft): void {
  const key = keyOf(conversationId);
  try {
    if (draft.text === '' && draft.pasted.length === 0) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(draft));
  } catch (error) {
    // A full storage costs only the safety of a reload; an older text must not come back instead.
    sessionStorage.removeItem(key);
    console.warn('what is being written could not be kept for a reload', error);
  }
}

/** Takes what is being written along into a conversation that is opened next. */
export function moveDraft(from: string, to: string): void {
  keepDraft(to, loadDraft(from));
  keepDraft(from, emptyDraft);
}
