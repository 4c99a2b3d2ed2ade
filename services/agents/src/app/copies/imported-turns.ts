import { type ImportedMessage, type ModelRef, providerNameSchema } from '@mosaic/proto';
import type { DatedDraft } from './fork-turns.ts';

/** Name of the rule that stands at imported answers: no model was chosen here. */
export const importRule = 'import';

export interface Importing {
  readonly importedFrom: string;
  /** Ids of questions and answers that the conversation has already. */
  readonly known: ReadonlySet<string>;
  /** The last question before these messages; undefined at the beginning. */
  readonly question: string | undefined;
}

/** The events of those messages that are not there yet, in order. */
export function importedTurns(
  messages: readonly ImportedMessage[],
  { importedFrom, known, question }: Importing,
): readonly DatedDraft[] {
  let asked = question;
  return messages.flatMap((message) => {
    if (message.role === 'user') asked = message.id;
    if (known.has(message.id)) return [];
    // An answer that stands before every question answers itself.
    return [toDraft(message, { importedFrom, messageId: asked ?? message.id })];
  });
}

function toDraft(
  message: ImportedMessage,
  place: { readonly importedFrom: string; readonly messageId: string },
): DatedDraft {
  const { at, id, role, text } = message;
  const atMs = Date.parse(at);
  if (role === 'user') {
    return { atMs, draft: { type: 'message.added', messageId: id, text, via: 'import' } };
  }
  const draft = {
    type: 'turn.completed' as const,
    run: id,
    messageId: place.messageId,
    text,
    step: 0,
    usage: null,
    cost: { usd: null, source: 'unknown' as const },
    timings: { firstTokenMs: null, totalMs: 0 },
    isSimulated: false,
    ...namedModel(message.model),
    rule: importRule,
    reason: `Imported from ${place.importedFrom}.`,
    stop: { unified: 'stop' as const, raw: null },
  };
  return { atMs, draft };
}

/** `provider/model` as Mosaic writes it; another export's models are those of its maker. */
function namedModel(name: string | undefined): ModelRef {
  const [first = '', ...rest] = (name ?? '').split('/');
  const provider = providerNameSchema.safeParse(first);
  if (provider.success && rest.length > 0)
    return { provider: provider.data, model: rest.join('/') };
  return { provider: 'openai', model: name ?? 'unknown' };
}
