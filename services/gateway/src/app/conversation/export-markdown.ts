import type { ConversationView } from '@mosaic/proto';
import { toRestMessage } from './rest-message.ts';

/** A conversation as a Markdown page, each answer with who gave it, why, and at what cost. */
export function exportMarkdown(view: ConversationView): string {
  const parts = view.messages.map((shown) => {
    const message = toRestMessage(shown);
    if (message.role === 'user') return `## You\n\n${message.content}`;
    const mark = message.isSimulated ? ' (simulated)' : '';
    const cost = message.costUsd === null ? '' : ` Cost: $${message.costUsd.toFixed(6)}.`;
    const by = message.model === null ? 'no model' : `${message.provider}/${message.model}`;
    const ending = message.status === 'completed' ? '' : `\n\n*${message.status}*`;
    const reason = message.reason === null ? '' : ` – ${message.reason}`;
    return `## Mosaic\n\n${message.content}${ending}\n\n> ${by}${mark}${reason}${cost}`;
  });
  return [`# ${view.title ?? 'Conversation'}`, ...parts, ''].join('\n\n');
}
