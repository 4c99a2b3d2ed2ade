import { readFileSync } from 'node:fs';
import { MosaicError } from '@mosaic/proto';
import type { ConfigOf, Environment, Setting, Settings } from './port.ts';

/** Values read so far, and what is wrong with the others, one sentence each. */
export interface ReadSettings<S extends Settings> {
  readonly config: ConfigOf<S>;
  readonly problems: readonly string[];
}

/**
 * Reads every setting from `NAME`, or from the file that `NAME_FILE` names, checks it and freezes
 * the whole. Throws `bad_configuration` that lists all problems at once; secrets are never shown.
 */
export function readConfig<S extends Settings>(settings: S, env: Environment): ConfigOf<S> {
  const { config, problems } = readSettings(settings, env);
  refuseProblems(problems);
  return config;
}

/** As `readConfig`, but hands the problems over; the config holds only what was right. */
export function readSettings<S extends Settings>(settings: S, env: Environment): ReadSettings<S> {
  const problems: string[] = [];
  const config: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(settings)) {
    const value = readSetting(setting, env);
    if ('problem' in value) problems.push(`${setting.env}${value.problem}`);
    else config[key] = value.value;
  }
  // Each value was parsed by the schema of its key; the loop can't tell the type checker so.
  return { config: Object.freeze(config) as ConfigOf<S>, problems };
}

/** Throws `bad_configuration` with all of them in one message, or does nothing when there is none. */
export function refuseProblems(problems: readonly string[]): void {
  if (problems.length === 0) return;
  const list = problems.map((problem) => `\n  - ${problem}`).join('');
  throw new MosaicError('bad_configuration', `The configuration is not usable:${list}`, {
    details: { problems },
  });
}

type Read = { readonly value: unknown } | { readonly problem: string };

function readSetting(setting: Setting, env: Environment): Read {
  const raw = readRaw(setting.env, env);
  if ('problem' in raw) return raw;
  const parsed = setting.schema.safeParse(raw.value);
  if (parsed.success) return { value: parsed.data };
  const example = ` (example: ${setting.example})`;
  if (raw.value === undefined) return { problem: `: is not set${example}` };
  const why = parsed.error.issues[0]?.message ?? 'is not valid';
  // What a schema says may quote the value.
  return { problem: setting.isSecret ? `: is not valid${example}` : `: ${why}${example}` };
}

function readRaw(
  name: string,
  env: Environment,
): { readonly value: string | undefined } | { readonly problem: string } {
  // Compose files pass unset variables on as empty ones.
  const direct = env[name] === '' ? undefined : env[name];
  const file = env[`${name}_FILE`];
  if (file === undefined || file === '') return { value: direct };
  if (direct !== undefined) {
    return { problem: `: is set, and ${name}_FILE too; keep one of them` };
  }
  try {
    const text = readFileSync(file, 'utf8').trimEnd();
    return { value: text === '' ? undefined : text };
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return { problem: `_FILE: the file ${file} can't be read (${why})` };
  }
}
