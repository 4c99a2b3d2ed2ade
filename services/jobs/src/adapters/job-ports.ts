import {
  decideRoute,
  getConversation,
  listEvents,
  MosaicError,
  streamCompletion,
  sweepRetention,
  turnsFromEvents,
  updateConversation,
} from '@mosaic/proto';
import type { Bus, Clock, SignedCaller } from '@mosaic/service-kit';
import type { JobCaller, JobPorts } from '../app/job-definition.ts';

/** Events read for a title: the opening of a conversation is enough. */
const openingEvents = 40;
const sweepTimeoutMs = 300_000;

/** Ties jobs to the rest of Mosaic over the bus. */
export function makeJobPorts(bus: Bus, clock: Clock, retentionDays: number | null): JobPorts {
  return {
    nowMs: () => clock.now(),
    retentionDays,
    async readOpening(jobCaller, conversationId) {
      const caller = signed(jobCaller);
      try {
        const { conversation } = await bus.call(getConversation, { conversationId }, { caller });
        const limit = openingEvents;
        const { events } = await bus.call(listEvents, { conversationId, limit }, { caller });
        return { title: conversation.title, turns: turnsFromEvents(events) };
      } catch (thrown) {
        if (thrown instanceof MosaicError && thrown.code === 'not_found') return undefined;
        throw thrown;
      }
    },
    ask: (caller, question) => ask(bus, signed(caller), question),
    async rename(jobCaller, conversationId, title) {
      const caller = signed(jobCaller);
      await bus.call(updateConversation, { conversationId, title, by: 'job' }, { caller });
    },
    sweep: (untouchedSince) =>
      bus.call(sweepRetention, { untouchedSince }, { timeoutMs: sweepTimeoutMs }),
  };
}

async function ask(
  bus: Bus,
  caller: SignedCaller,
  question: { readonly system: string; readonly text: string; readonly conversationId: string },
): ReturnType<JobPorts['ask']> {
  const { text, system, conversationId } = question;
  const needs = { tools: false, vision: false };
  const { decision } = await bus.call(
    decideRoute,
    { text, needs, contextTokens: Math.ceil(system.length / 4) },
    { caller },
  );
  const choice = { provider: decision.provider, model: decision.model };
  let by = choice;
  let answer = '';
  const parts = bus.stream(
    streamCompletion,
    {
      candidates: [choice, ...decision.alternatives],
      system,
      turns: [{ role: 'user', content: [{ type: 'text', text }] }],
      conversationId,
      purpose: 'title',
    },
    { caller, timeoutMs: 60_000 },
  );
  for await (const part of parts) {
    if (part.type === 'start') by = { provider: part.provider, model: part.model };
    if (part.type === 'text') answer += part.text;
    if (part.type === 'error') throw new MosaicError(part.failure.code, part.failure.message);
  }
  return { text: answer, by };
}

/** The queue stores what the bus needs to know whose work this is. */
function signed(caller: JobCaller): SignedCaller {
  const { userId, role, via, token } = caller;
  return { userId, role, token, ...(via === undefined ? {} : { via }) };
}
