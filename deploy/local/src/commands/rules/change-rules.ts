import { MosaicError, ruleFindingSchema } from '@mosaic/proto';
import { z } from 'zod';
import type { Terminal } from '../../command-line/command.ts';
import { readOptions, refuseWords } from '../../command-line/read-options.ts';
import { findMosaic } from '../../running/running-mosaic.ts';
import { commonOptions, findRule, printFindings, readObjects, rulesPath } from './rules-api.ts';

const savedSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  version: z.number(),
  findings: z.array(ruleFindingSchema),
});

const options = { ...commonOptions, system: { type: 'boolean' } } as const;

export async function addRules(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals, values } = readOptions(args, options);
  const [file, ...more] = positionals;
  if (file === undefined) {
    throw new MosaicError('bad_request', 'Say which rule: mosaic rules add FILE, or - to pipe it.');
  }
  refuseWords(more);
  const mosaic = findMosaic(values);
  const scope = values.system === true ? { scope: 'system' } : {};
  for (const draft of readObjects(file)) {
    const saved = savedSchema.parse(await mosaic.post(rulesPath, { ...draft, ...scope }));
    tellSaved(saved, 'added', { json: values.json === true, terminal });
  }
  return 0;
}

export async function editRule(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals, values } = readOptions(args, {
    ...options,
    priority: { type: 'string' },
    enable: { type: 'boolean' },
    disable: { type: 'boolean' },
  });
  const [name, file, ...more] = positionals;
  if (name === undefined) throw new MosaicError('bad_request', 'Say which rule to edit.');
  refuseWords(more);
  const [inFile = {}] = file === undefined ? [] : readObjects(file);
  const changes = {
    ...inFile,
    ...(values.priority === undefined ? {} : { priority: Number(values.priority) }),
    ...(values.enable === true ? { enabled: true } : {}),
    ...(values.disable === true ? { enabled: false } : {}),
  };
  if (Object.keys(changes).length === 0) {
    throw new MosaicError(
      'bad_request',
      'Say what to change: FILE, --priority, --enable, --disable.',
    );
  }
  const mosaic = findMosaic(values);
  const { id, version } = await findRule(mosaic, name, values.system === true);
  const saved = savedSchema.parse(
    await mosaic.patch(`${rulesPath}/${id}`, { ...changes, version }),
  );
  tellSaved(saved, 'changed', { json: values.json === true, terminal });
  return 0;
}

export async function removeRule(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals, values } = readOptions(args, options);
  const [name, ...more] = positionals;
  if (name === undefined) throw new MosaicError('bad_request', 'Say which rule to remove.');
  refuseWords(more);
  const mosaic = findMosaic(values);
  const { id } = await findRule(mosaic, name, values.system === true);
  await mosaic.delete(`${rulesPath}/${id}`);
  const text =
    values.json === true ? JSON.stringify({ id, name }) : `The rule "${name}" is removed.`;
  terminal.print(text);
  return 0;
}

function tellSaved(
  saved: z.infer<typeof savedSchema>,
  what: string,
  { json, terminal }: { readonly json: boolean; readonly terminal: Terminal },
): void {
  if (json) {
    terminal.print(JSON.stringify(saved));
    return;
  }
  terminal.print(`The rule "${saved.name}" is ${what} (version ${saved.version}).`);
  printFindings(saved.findings, terminal);
}
