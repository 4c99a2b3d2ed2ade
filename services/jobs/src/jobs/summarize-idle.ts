import { formatModelRef, MosaicError, toMosaicError } from '@mosaic/proto';
import { z } from 'zod';
import { idleSummaryFrom, idleSummaryPrompt, idleSummaryQuestion } from '../app/idle-summary.ts';
import { defineJob, type JobCaller, type JobPorts } from '../app/job-definition.ts';

/** What is left has its turn the next night: summaries are asked of people's own budgets. */
const mostAtOnce = 100;

/**
 * Has conversations summarised that nobody uses any more, each on behalf of who had it. What was saved
 * is not asked for again, so that a run may die at any moment.
 */
export const summarizeIdleJob = defineJob({
  name: 'summarize-idle',
  queue: 'maintenance',
  payload: z.object({}),
  attempts: 3,
  cron: '30 2 * * *',
  async run(_payload, ports) {
    const due = await ports.listUnsummarized(mostAtOnce);
    let written = 0;
    let without = 0;
    for (const conversation of due) {
      const caller = await ports.lastCaller(conversation);
      if (caller === undefined) continue;
      const outcome = await summarize(ports, caller, conversation.conversationId);
      if (outcome === 'no-model') {
        return `Summarised ${written} conversations; no model is there for more.`;
      }
      if (outcome === 'written') written += 1;
      if (outcome === 'refused') without += 1;
    }
    const more = without === 0 ? '' : ` ${without} stay without for now.`;
    return `Summarised ${written} of ${due.length} conversations.${more}`;
  },
});

type Outcome = 'written' | 'refused' | 'not-wanted' | 'no-model';

async function summarize(
  ports: JobPorts,
  caller: JobCaller,
  conversationId: string,
): Promise<Outcome> {
  const prepared = await ports.prepareSummary(caller, conversationId);
  if (!prepared.isWanted) return 'not-wanted';
  const { messageCount } = prepared;
  const save = (text: string | null, by: string) =>
    ports.saveSummary(caller, { conversationId, messageCount, text, by });
  try {
    const asked = await ports.ask(caller, {
      system: idleSummaryPrompt,
      text: idleSummaryQuestion(prepared.text),
      conversationId,
      purpose: 'summary',
    });
    if (asked.isSimulated) {
      await save(null, 'A simulated answer is no summary.');
      return 'refused';
    }
    await save(idleSummaryFrom(asked.text), formatModelRef(asked.by));
    return 'written';
  } catch (thrown) {
    if (thrown instanceof MosaicError && thrown.code === 'no_model_available') return 'no-model';
    // What stops one (a budget, a refusal, a vendor that is down) is written down and leaves the others.
    await save(null, toMosaicError(thrown).message.slice(0, 500));
    return 'refused';
  }
}
