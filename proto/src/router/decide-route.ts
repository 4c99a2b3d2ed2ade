import { z } from 'zod';
import { defineRequest } from '../contract.ts';
import { modelRefSchema } from '../providers/model-ref.ts';
import { routeDecisionSchema, taskProfileSchema } from './decision.ts';
import { timeOfDaySchema, timeZoneSchema } from './rule-params.ts';

/** A model as people name it: an id (`claude-opus-4-6`), or `provider/model`. */
export const modelNameSchema = z.string().min(1).max(240);

/** So many turns of the past are enough to see what "yes" or "shorter" goes on with. */
export const maxPastTurns = 12;

/** A turn's own words, for telling follow-ups apart from new tasks. */
export const pastWordsSchema = z.object({
  role: z.enum(['user', 'assistant', 'tool']),
  content: z.string().max(2_000),
});
export type PastWords = z.infer<typeof pastWordsSchema>;

export const decideRoute = defineRequest({
  subject: 'router.route.decide',
  summary: 'Which model should answer this message, and why. Changes nothing, so it also explains.',
  request: z.object({
    text: z.string().describe("The user's own words of this message."),
    /** Asked for on this very message; wins over everything. */
    messageModel: modelNameSchema.optional(),
    /** Pinned for the conversation by `/model`. */
    pinnedModel: modelNameSchema.optional(),
    /** The person's standing choice for all conversations; above the agent's. */
    preferredModel: modelNameSchema.optional(),
    agent: z.object({ name: z.string(), model: modelNameSchema.optional() }).optional(),
    /** Route of the turn before, for follow-ups such as "go on". */
    previous: modelRefSchema.optional(),
    /** What that turn was taken for. */
    previousProfile: taskProfileSchema.pick({ task: true, complexity: true }).optional(),
    /** The last turns before this message, oldest first, each cut to its beginning. */
    history: z.array(pastWordsSchema).max(maxPastTurns).optional(),
    needs: z.object({
      tools: z.boolean(),
      vision: z.boolean(),
      json: z.boolean().optional().describe('The answer must be JSON.'),
    }),
    /** The tools are the asker's own (a program at a door), whichever agent a rule chooses. */
    bringsTools: z.boolean().optional(),
    /** Estimated tokens of everything that will be sent besides the text. */
    contextTokens: z.number().int().nonnegative(),
    channel: z.string().optional(),
    /** The tier that was asked for, such as `cheap`; rules may look at it. */
    costTier: z.string().max(64).optional(),
    /** US dollars that the caller may still spend; a dearer model is passed over. */
    budgetLeftUsd: z.number().nonnegative().optional(),
    /** Time of day where the person is; that of `timeZone`, or UTC, when not given. */
    localTime: timeOfDaySchema.optional(),
    /** Where the person is, such as `Europe/Berlin`, when nobody tells the time there. */
    timeZone: timeZoneSchema.optional(),
    /** Longest answer that is asked for; without it room for a usual one is kept. */
    outputTokens: z.number().int().positive().optional(),
    /** Whether a model may be asked what the message is, where the caller has set one for it. */
    mayAskJudge: z.boolean().optional(),
    /** Tokens of the prompt that the model of `previous` may still have in its cache. */
    cachedTokens: z.number().int().nonnegative().optional(),
    /** For who only acts on it: without what the decision was made from (four fifths of its bytes). */
    isBrief: z.boolean().optional(),
  }),
  reply: z.object({ decision: routeDecisionSchema }),
  servedBy: 'router',
  calledBy: ['agents', 'gateway', 'jobs'],
  caller: 'user',
});
