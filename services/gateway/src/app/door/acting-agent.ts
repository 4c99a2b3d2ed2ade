import type { Agent, RouteDecision } from '@mosaic/proto';
import type { DoorOptions, DoorRequest } from './door-request.ts';

/** The agent as which an answer at a door is given, and how far. */
export interface ActingAgent {
  readonly name: string;
  /** In front of the program's own words; null where the program brings all that a model is told. */
  readonly systemPrompt: string | null;
  readonly settings: Pick<DoorOptions, 'effort' | 'temperature'>;
  /** What a person should know of it. */
  readonly warning: string | undefined;
}

type Asked = Pick<DoorRequest, 'system' | 'tools'>;

/** An agent that the program named: its prompt stands in front of whatever else there is. */
export function namedAgent(agent: Agent): ActingAgent {
  const { name, systemPrompt } = agent;
  return { name, systemPrompt, settings: settingsOf(agent), warning: undefined };
}

/**
 * An agent that a rule chose. Its model is chosen already; its prompt is given to programs that bring
 * neither a prompt nor tools. One that does has said all that its model shall be told, and an answer
 * in other words than it expects would break it. Tools of agents are not run at doors.
 */
export function agentByRule(
  { name, rule }: NonNullable<RouteDecision['agent']>,
  agent: Agent | undefined,
  { system, tools }: Asked,
): ActingAgent {
  const chose = `The rule ${rule} chose the agent ${name}`;
  if (agent === undefined) {
    const warning = `${chose}, which could not be read now: only its model was used.`;
    return { name, systemPrompt: null, settings: {}, warning };
  }
  const hasOwn = (system ?? '').trim() !== '' || tools.length > 0;
  if (!hasOwn) return namedAgent(agent);
  const brings = tools.length > 0 ? 'tools' : 'a system prompt';
  const warning = `${chose}: its model and settings were used, its prompt was not, because the request brings ${brings} of its own.`;
  return { name, systemPrompt: null, settings: settingsOf(agent), warning };
}

/** How the model is asked: what the program says, one's own rule, the agent, a rule of the system. */
export function doorSettings(
  acting: ActingAgent | undefined,
  { authority, params }: Pick<RouteDecision, 'authority' | 'params'>,
  options: DoorOptions,
): DoorOptions {
  const isOwnRule = authority === 'user-rule';
  return {
    ...(isOwnRule ? {} : params),
    ...acting?.settings,
    ...(isOwnRule ? params : {}),
    ...options,
  };
}

function settingsOf({ effort, temperature }: Agent): ActingAgent['settings'] {
  return {
    ...(effort == null ? {} : { effort }),
    ...(temperature == null ? {} : { temperature }),
  };
}
