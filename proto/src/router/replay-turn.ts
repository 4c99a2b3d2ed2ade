import { z } from 'zod';
import { defineRequest } from '../contract.ts';
import { clientIdSchema, idSchema } from '../ids.ts';
import { routeDecisionSchema } from './decision.ts';

/** Body of `POST /api/routing/replay-turn`. */
export const replayTurnBody = z.strictObject({
  conversationId: idSchema,
  messageId: clientIdSchema,
});

export const replayTurn = defineRequest({
  subject: 'router.turn.replay',
  summary: "Decides one of the caller's stored turns again from its record, and compares the two.",
  request: z.object(replayTurnBody.shape),
  reply: z.object({
    /** Whether the record came out again byte for byte, the microseconds apart. */
    isSame: z.boolean(),
    /** Where it did not, such as `profile.task`. */
    differences: z.array(z.string()).max(100),
    /** `judged-again` by the same classifier, or `as-recorded` where that one is not there any more. */
    profile: z.enum(['judged-again', 'as-recorded']),
    stored: routeDecisionSchema,
    replayed: routeDecisionSchema,
  }),
  servedBy: 'router',
  calledBy: ['gateway'],
  caller: 'user',
});
