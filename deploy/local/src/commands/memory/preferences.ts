import {
  listPreferences,
  MosaicError,
  nearestName,
  type Preference,
  preferenceSchema,
} from '@mosaic/proto';
import type { Command, Terminal } from '../../command-line/command.ts';
import { tableLines } from '../../command-line/print-table.ts';
import { readOptions, refuseWords } from '../../command-line/read-options.ts';
import { findMosaic, type RunningMosaic } from '../../running/running-mosaic.ts';

const options = {
  everybody: { type: 'boolean' },
  fixed: { type: 'boolean' },
  json: { type: 'boolean' },
  'data-dir': { type: 'string' },
} as const;

type Values = ReturnType<typeof readOptions<typeof options>>['values'];

interface Asked {
  readonly mosaic: RunningMosaic;
  readonly terminal: Terminal;
  readonly values: Values;
  readonly words: readonly string[];
}

const verbs = { list, set, unset } as const;

export const preferencesCommand: Command = {
  usage: `Usage: mosaic preferences [list] [options]
       mosaic preferences set KEY VALUE [--everybody [--fixed]] [options]
       mosaic preferences unset KEY [--everybody] [options]

Shows your settings and who set them, sets one, or goes back to what holds for everybody. VALUE is
JSON, or a plain word.

  turn.model         the model of all your conversations, where none is chosen there
  turn.temperature   0 to 2; turn.effort  none … max
  routing.judge      "off", or {"model": "…"}: a cheap model that is asked what a message is when
                     the router is not sure
  memory.paused      true: nothing is remembered and nothing recalled
  memory.extraction  "model", or "rules": no model reads your turns to remember from them

  --everybody    for administrators: what holds where nobody has chosen otherwise
  --fixed        with --everybody: nobody may choose otherwise
  --json         print what the gateway answers
  --data-dir D   the Mosaic that runs from this directory`,
  async run(args, terminal) {
    const { positionals, values } = readOptions(args, options);
    const [verb = 'list', ...words] = positionals;
    if (!Object.hasOwn(verbs, verb)) {
      const near = nearestName(verb, Object.keys(verbs));
      const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
      throw new MosaicError('bad_request', `There is no "mosaic preferences ${verb}".${hint}`);
    }
    const mosaic = findMosaic(values);
    await verbs[verb as keyof typeof verbs]({ mosaic, terminal, values, words });
    return 0;
  },
};

async function list({ mosaic, terminal, values, words }: Asked): Promise<void> {
  refuseWords(words);
  const answer = await mosaic.get('/api/preferences');
  if (values.json === true) return terminal.print(JSON.stringify(answer));
  const { preferences } = listPreferences.reply.parse(answer);
  const rows = preferences.map(({ key, value, ...rest }) => [
    key,
    value === null ? '–' : shown(value),
    whose(rest),
  ]);
  for (const line of tableLines(['setting', 'value', 'whose'], rows)) terminal.print(line);
}

async function set(asked: Asked): Promise<void> {
  const [key, text, ...rest] = asked.words;
  refuseWords(rest);
  if (key === undefined || text === undefined) {
    throw new MosaicError('bad_request', 'Say which: mosaic preferences set KEY VALUE.');
  }
  await put(asked, key, readValue(text));
}

async function unset(asked: Asked): Promise<void> {
  const [key, ...rest] = asked.words;
  refuseWords(rest);
  if (key === undefined) {
    throw new MosaicError('bad_request', 'Say which: mosaic preferences unset KEY.');
  }
  await put(asked, key, null);
}

async function put(
  { mosaic, terminal, values }: Asked,
  key: string,
  value: Preference['value'],
): Promise<void> {
  const name = encodeURIComponent(key);
  const answer =
    values.everybody === true
      ? await mosaic.put(`/api/admin/preferences/${name}`, {
          value,
          isFixed: values.fixed === true,
        })
      : await mosaic.put(`/api/preferences/${name}`, { value });
  if (values.json === true) return terminal.print(JSON.stringify(answer));
  const now = preferenceSchema.parse(answer);
  const is = now.value === null ? 'is not set' : `is ${shown(now.value)}`;
  terminal.print(`${now.key} ${is} (${whose(now)}).`);
}

/** `0.7`, `true` and `{"model": "…"}` are what they look like; everything else is a word. */
function readValue(text: string): Preference['value'] {
  try {
    return preferenceSchema.shape.value.parse(JSON.parse(text));
  } catch {
    return text;
  }
}

const shown = (value: Preference['value']) =>
  typeof value === 'string' ? value : JSON.stringify(value);

function whose({
  isMutable,
  scope,
  updatedAt,
}: Pick<Preference, 'isMutable' | 'scope' | 'updatedAt'>): string {
  if (!isMutable) return 'fixed for everybody';
  if (scope === 'user') return 'yours';
  return updatedAt === null ? 'from the start' : 'for everybody';
}
