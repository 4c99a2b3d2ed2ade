import {
  type Preference,
  type TurnPreferences,
  turnEffortKey,
  turnModelKey,
  turnPreferencesSchema,
  turnTemperatureKey,
} from '@mosaic/proto';

/** What holds for all turns of a person, by who said it. */
export interface StandingChoices {
  readonly user: TurnPreferences;
  /** The installation's, where nobody else says otherwise. */
  readonly platform: TurnPreferences;
  /** The installation's, whatever anybody else says. */
  readonly fixed: TurnPreferences;
}

const shape = turnPreferencesSchema.shape;

/** A person's settings as far as they are about turns; values of a newer Mosaic say nothing here. */
export function standingChoices(preferences: readonly Preference[]): StandingChoices {
  const saidBy = (level: keyof StandingChoices): TurnPreferences => {
    const said = (key: string) =>
      preferences.find((one) => one.key === key && levelOf(one) === level)?.value ?? null;
    return {
      model: shape.model.catch(null).parse(said(turnModelKey)),
      temperature: shape.temperature.catch(null).parse(said(turnTemperatureKey)),
      effort: shape.effort.catch(null).parse(said(turnEffortKey)),
    };
  };
  return { user: saidBy('user'), platform: saidBy('platform'), fixed: saidBy('fixed') };
}

function levelOf({ isMutable, scope }: Preference): keyof StandingChoices {
  if (scope === 'user') return 'user';
  return isMutable ? 'platform' : 'fixed';
}
