import { formatModelRef, MosaicError } from '@mosaic/proto';
import { z } from 'zod';
import { defineJob, jobCallerSchema } from '../app/job-definition.ts';
import {
  memoriesFrom,
  memoryFormat,
  memoryQuestion,
  memorySystemPrompt,
} from '../app/memories-from-turn.ts';

/** Reads a finished turn for what is worth remembering, once for each question. */
export const extractMemories = defineJob({
  name: 'extract-memories',
  queue: 'conversations',
  payload: z.object({
    conversationId: z.string(),
    messageId: z.string(),
    run: z.string(),
    seq: z.number().int(),
    caller: jobCallerSchema,
  }),
  attempts: 4,
  async run({ caller, conversationId, messageId, run, seq }, ports) {
    const turn = await ports.prepareExtraction(caller, { conversationId, messageId, run, seq });
    if (!turn.isWanted) return turn.why;
    const asked = await ports
      .ask(caller, {
        system: memorySystemPrompt,
        text: memoryQuestion(turn),
        conversationId,
        purpose: 'memory',
        outputFormat: memoryFormat,
      })
      .catch(withoutModel);
    if (asked === undefined) return 'No model is there to read it.';
    if (asked.isSimulated) return 'A simulated answer remembers nothing.';
    const found = [...memoriesFrom(asked.text)];
    const version = formatModelRef(asked.by);
    const extraction = { conversationId, messageId, version, found };
    const { dropped, saved } = await ports.applyExtraction(caller, extraction);
    return `Remembered ${saved}, dropped ${dropped}; read by ${version}.`;
  },
});

/** A machine without models extracts by rules alone: that is no failure. */
function withoutModel(thrown: unknown): undefined {
  if (thrown instanceof MosaicError && thrown.code === 'no_model_available') return undefined;
  throw thrown;
}
