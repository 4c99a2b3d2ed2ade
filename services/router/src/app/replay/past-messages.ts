import { type ConversationEvent, type EventOfType, type ModelRef, textTokens } from '@mosaic/proto';
import type { AgentPreference } from '../choice/expand-name.ts';
import type { RouteRequest } from '../choose-route.ts';

/** A message that was answered or is being answered, as the router would be asked about it again. */
export interface PastMessage {
  readonly conversationId: string;
  readonly messageId: string;
  readonly at: string;
  readonly question: RouteRequest;
  /** Who was chosen then; null when it never came to that. */
  readonly was: ModelRef | null;
}

/** What the conversation had been told when a message came. */
interface Standing {
  readonly pinned: string | null;
  readonly channel: string | undefined;
  readonly previous: ModelRef | undefined;
  readonly previousProfile: RouteRequest['previousProfile'];
}

type Added = EventOfType<'message.added'>;
type Routed = EventOfType<'turn.routed'>;

/** The messages in a conversation's events, oldest first. */
export function pastMessages(
  events: readonly ConversationEvent[],
  agents: readonly AgentPreference[] | undefined,
): readonly PastMessage[] {
  const routes = new Map(
    events.filter((event) => event.type === 'turn.routed').map((event) => [event.messageId, event]),
  );
  let standing: Standing = {
    pinned: null,
    channel: undefined,
    previous: undefined,
    previousProfile: undefined,
  };
  return events.flatMap((event) => {
    standing = { ...standing, ...changeBy(event) };
    if (event.type !== 'message.added') return [];
    return [toMessage(event, { agents, standing, routed: routes.get(event.messageId) })];
  });
}

function changeBy(event: ConversationEvent): Partial<Standing> {
  switch (event.type) {
    case 'conversation.created':
      return { pinned: event.model, channel: event.channel };
    case 'conversation.model-pinned':
      return { pinned: event.model };
    case 'turn.routed':
      return { previous: refOf(event), previousProfile: profileOf(event) };
    default:
      return {};
  }
}

function profileOf({ decision }: Routed): RouteRequest['previousProfile'] {
  const { complexity, task } = decision.profile;
  return { task, complexity };
}

function refOf({ decision }: Routed): ModelRef {
  return { provider: decision.provider, model: decision.model };
}

function toMessage(
  { at, conversationId, messageId, model, text }: Added,
  known: {
    readonly agents: readonly AgentPreference[] | undefined;
    readonly standing: Standing;
    readonly routed: Routed | undefined;
  },
): PastMessage {
  const { agents, routed, standing } = known;
  const { channel, pinned, previous, previousProfile } = standing;
  const profile = routed?.decision.profile;
  const preferred = agents?.find(({ name }) => name === routed?.agent)?.model ?? null;
  const question: RouteRequest = {
    text,
    needs: {
      tools: profile?.needs.includes('tools') ?? false,
      vision: profile?.needs.includes('vision') ?? false,
    },
    contextTokens: Math.max(0, (profile?.promptTokens ?? 0) - textTokens(text)),
    ...(model === undefined ? {} : { messageModel: model }),
    ...(pinned === null ? {} : { pinnedModel: pinned }),
    ...(channel === undefined ? {} : { channel }),
    ...(previous === undefined ? {} : { previous }),
    ...(previousProfile === undefined ? {} : { previousProfile }),
    ...(routed === undefined
      ? {}
      : { agent: { name: routed.agent, ...(preferred === null ? {} : { model: preferred }) } }),
  };
  const was = routed === undefined ? null : refOf(routed);
  return { conversationId, messageId, at, question, was };
}
