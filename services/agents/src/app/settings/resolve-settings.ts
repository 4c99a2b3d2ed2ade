import type {
  Agent,
  RouteDecision,
  SettingSource,
  TurnPreferences,
  TurnSettings,
} from '@mosaic/proto';

/** What each level says; null and undefined say nothing. */
export interface SettingLevels {
  readonly platform: Pick<TurnPreferences, 'temperature' | 'effort'>;
  /** What the installation lets nobody else say. */
  readonly fixed: Pick<TurnPreferences, 'temperature' | 'effort'>;
  readonly agent: Pick<Agent, 'model' | 'temperature' | 'effort'>;
  readonly user: TurnPreferences;
  readonly conversation: TurnPreferences;
  readonly message: { readonly model?: string | undefined };
}

type Said<Value> = readonly [SettingSource, Value | null | undefined];

/** The strongest that says something: what is fixed, message, conversation, person, agent, installation. */
export function resolveSettings(
  levels: SettingLevels,
  decision?: Pick<RouteDecision, 'authority' | 'params'>,
): TurnSettings {
  const { agent, conversation, fixed, message, platform, user } = levels;
  const isOwnRule = decision?.authority === 'user-rule';
  const byRule: Partial<TurnPreferences> = {
    temperature: decision?.params?.temperature ?? null,
    effort: decision?.params?.effort ?? null,
  };
  const ownRule = isOwnRule ? byRule : {};
  const systemRule = isOwnRule ? {} : byRule;
  const model = strongest<string>([
    ['message', message.model],
    ['conversation', conversation.model],
    ['user', user.model],
    ['agent', agent.model],
  ]);
  const temperature = strongest<number>([
    ['fixed', fixed.temperature],
    ['conversation', conversation.temperature],
    ['user-rule', ownRule.temperature],
    ['user', user.temperature],
    ['agent', agent.temperature],
    ['system-rule', systemRule.temperature],
    ['platform', platform.temperature],
  ]);
  const effort = strongest<NonNullable<TurnPreferences['effort']>>([
    ['fixed', fixed.effort],
    ['conversation', conversation.effort],
    ['user-rule', ownRule.effort],
    ['user', user.effort],
    ['agent', agent.effort],
    ['system-rule', systemRule.effort],
    ['platform', platform.effort],
  ]);
  return {
    ...(model && { model }),
    ...(temperature && { temperature }),
    ...(effort && { effort }),
  };
}

function strongest<Value>(levels: readonly Said<Value>[]) {
  for (const [from, value] of levels) {
    if (value !== null && value !== undefined) return { value, from };
  }
  return undefined;
}
