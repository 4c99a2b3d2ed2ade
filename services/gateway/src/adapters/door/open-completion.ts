import {
  type Agent,
  type CompletionPart,
  decideRoute,
  type Failure,
  formatModelRef,
  getAgent,
  MosaicError,
  type RouteDecision,
  streamCompletion,
} from '@mosaic/proto';
import type { Bus, SignedCaller } from '@mosaic/service-kit';
import {
  type ActingAgent,
  agentByRule,
  doorSettings,
  namedAgent,
} from '../../app/door/acting-agent.ts';
import { type AnsweredBy, answerHeaders } from '../../app/door/answer-headers.ts';
import {
  contextTokens,
  type DoorRequest,
  lastWords,
  needsVision,
  readDoorModel,
} from '../../app/door/door-request.ts';
import { routeQuestion } from '../../app/route-question.ts';
import type { Catalogue } from '../catalogue.ts';

export interface DoorCall {
  readonly bus: Bus;
  readonly catalogue: Catalogue;
  readonly caller: SignedCaller;
  readonly trace: string;
  /** Cancels down to the vendor. */
  readonly signal: AbortSignal;
}

/** An answer that has begun: somebody has something to show. */
export interface OpenedCompletion {
  /** `x-mosaic-…` of who really answers. */
  readonly headers: Readonly<Record<string, string>>;
  readonly model: string;
  /** All parts from the first on. */
  readonly parts: AsyncIterable<CompletionPart>;
}

const maxCandidates = 10;

/** Routes, asks, and waits for the first part. Throws MosaicError when there is nothing to show. */
export async function openCompletion(
  call: DoorCall,
  request: DoorRequest,
): Promise<OpenedCompletion> {
  const { bus, caller, catalogue, signal, trace } = call;
  const named = readDoorModel(request.model);
  await catalogue.assertKnown(caller, named);
  const agent =
    named.agent === undefined
      ? undefined
      : (await bus.call(getAgent, { name: named.agent }, { caller, trace })).agent;
  const { maxOutputTokens, outputFormat } = request.options;
  const question = routeQuestion({
    text: lastWords(request.turns),
    model: named.model,
    agent,
    needs: {
      tools: request.tools.length > 0,
      vision: needsVision(request.turns),
      ...(outputFormat === undefined ? {} : { json: true }),
    },
    contextTokens: contextTokens(request),
    facts: {
      mayAskJudge: true,
      bringsTools: true,
      ...(maxOutputTokens === undefined ? {} : { outputTokens: maxOutputTokens }),
    },
  });
  const { decision } = await bus.call(
    decideRoute,
    { ...question, isBrief: true },
    { caller, trace, signal },
  );
  refuseWhatIsTooDear(decision);
  const acting = await findActing(call, { agent, decision, request });
  const parts = bus.stream(streamCompletion, toCompletion(request, { acting, decision }), {
    caller,
    trace,
    signal,
  });
  return await awaitFirst({ acting, decision }, parts[Symbol.asyncIterator]());
}

/** As whom the answer is given: the agent that the program named, or one that a rule chose. */
async function findActing(
  { bus, caller, trace }: DoorCall,
  asked: {
    readonly agent: Agent | undefined;
    readonly decision: RouteDecision;
    readonly request: DoorRequest;
  },
): Promise<ActingAgent | undefined> {
  const { agent, decision, request } = asked;
  const { agent: byRule } = decision;
  if (byRule === undefined) return agent === undefined ? undefined : namedAgent(agent);
  const { name } = byRule;
  const found = await bus.call(getAgent, { name }, { caller, trace }).catch(() => undefined);
  return agentByRule(byRule, found?.agent, request);
}

/** A program that names a model is told that it costs too much, and not answered by a cheaper one. */
function refuseWhatIsTooDear({ removed = [] }: RouteDecision): void {
  const named = removed.find(({ fact, namedBy }) => namedBy === 'message' && fact === 'budget');
  if (named === undefined) return;
  const message = `${formatModelRef(named)}: ${named.why}. With the model "auto" what costs less answers.`;
  throw new MosaicError('budget_exceeded', message);
}

function toCompletion(request: DoorRequest, { acting, decision }: AnsweredBy) {
  const { options, toolChoice, tools, turns } = request;
  const choice = { provider: decision.provider, model: decision.model };
  const systems = [acting?.systemPrompt, request.system].filter((text) => text != null);
  return {
    candidates: [choice, ...decision.alternatives].slice(0, maxCandidates),
    system: systems.length === 0 ? null : systems.join('\n\n'),
    turns: [...turns],
    tools: [...tools],
    toolChoice,
    ...doorSettings(acting, decision, options),
    ...(acting === undefined ? {} : { agent: acting.name }),
    purpose: 'door' as const,
  };
}

async function awaitFirst(
  answering: AnsweredBy,
  iterator: AsyncIterator<CompletionPart>,
): Promise<OpenedCompletion> {
  try {
    const first = await firstPart(iterator);
    const { next, warnings } = await readWarnings(iterator);
    const headers = answerHeaders(answering, first, warnings);
    const parts = withFirst(next === undefined ? [first] : [first, next], iterator);
    return { headers, model: first.model, parts };
  } catch (thrown) {
    // Whoever stops reading says so: the stream's timers and its reply subject end with it.
    await iterator.return?.();
    throw thrown;
  }
}

type StartPart = Extract<CompletionPart, { type: 'start' }>;

async function firstPart(iterator: AsyncIterator<CompletionPart>): Promise<StartPart> {
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    const part = next.value;
    if (part.type === 'error') throw toError(part.failure);
    if (part.type === 'start') return part;
  }
  throw new MosaicError('service_lost');
}

/** Warnings stand right behind the start, and something to show right behind them. */
async function readWarnings(iterator: AsyncIterator<CompletionPart>) {
  const warnings: string[] = [];
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    if (next.value.type !== 'warning') return { warnings, next: next.value };
    warnings.push(next.value.message);
  }
  return { warnings, next: undefined };
}

function toError({ code, message, retryAfterMs }: Failure): MosaicError {
  return new MosaicError(
    code,
    message,
    retryAfterMs === undefined ? {} : { details: { retryAfterMs } },
  );
}

async function* withFirst(
  read: readonly CompletionPart[],
  iterator: AsyncIterator<CompletionPart>,
): AsyncGenerator<CompletionPart, void, undefined> {
  try {
    yield* read;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}
