import { z } from 'zod';
import { defineJob, jobCallerSchema } from '../app/job-definition.ts';
import { titleFrom, titleQuestion, titleSystemPrompt } from '../app/title.ts';

/** Gives a conversation its title after the first answer. A title that a person gave stays. */
export const titleConversation = defineJob({
  name: 'title-conversation',
  queue: 'conversations',
  payload: z.object({ conversationId: z.string(), caller: jobCallerSchema }),
  attempts: 5,
  async run({ conversationId, caller }, ports) {
    const opening = await ports.readOpening(caller, conversationId);
    if (opening === undefined) return 'The conversation is gone.';
    if (opening.title !== null) return 'It has a title already.';
    const text = titleQuestion(opening.turns);
    const answer = await ports.ask(caller, {
      system: titleSystemPrompt,
      text,
      conversationId,
      purpose: 'title',
    });
    const title = titleFrom(answer.text);
    await ports.rename(caller, conversationId, title);
    return `Titled by ${answer.by.model}.`;
  },
});
