import { listTools } from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import { grantsOf } from '../../app/policy/judge-call.ts';
import { listTools as describeTools, type KnownTools } from '../../tools/list-tools.ts';
import type { AgentBook } from './agent-book.ts';

/** What a new conversation begins with. */
const usualAgent = 'assistant';

/** Answers which tools there are. The agent is one of the caller's. */
export function serveTools(parts: {
  readonly bus: Bus;
  readonly book: AgentBook;
  readonly known: KnownTools;
}): void {
  const { book, bus, known } = parts;
  bus.handle(listTools, async ({ agent: name = usualAgent }, { caller, trace }) => {
    const agent = await book.find(caller, name);
    return {
      agent: agent.name,
      ...(await describeTools(known, grantsOf(agent), { caller, trace })),
    };
  });
}
