import type { StepResult } from './steps.ts';

const heads = ['vendor', 'step', 'result', 'ms', 'tokens', 'US$', ''];
const marks = { ok: '✔ ok', failed: '✖ failed', skipped: '– skipped' } as const;

/** Values that must not be printed, whoever repeats them: every key in this environment. */
export function secretsOf(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    /_API_KEYS?$/.test(name) && value
      ? value
          .split(',')
          .map((key) => key.trim())
          .filter((key) => key !== '')
      : [],
  );
}

/** The results as a table for a terminal. */
export function tableOf(results: readonly StepResult[], secrets: readonly string[]): string {
  const rows = [heads, ...results.map((result) => cellsOf(result, secrets))];
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cellsOf(result: StepResult, secrets: readonly string[]): string[] {
  const { ms, note, outcome, provider, step, tokens, usd } = result;
  const safe = secrets.reduce((text, secret) => text.replaceAll(secret, '(a key)'), note);
  return [
    provider,
    step,
    marks[outcome],
    ms === null ? '' : String(Math.round(ms)),
    tokens === null ? '' : tokens.join(' + '),
    usd === null ? '' : usd.toFixed(6),
    safe.replaceAll(/\s+/g, ' '),
  ];
}

/** One sentence under the table. */
export function summaryOf(results: readonly StepResult[]): string {
  const count = (outcome: StepResult['outcome']) =>
    results.filter((result) => result.outcome === outcome).length;
  const usd = results
    .filter(({ step }) => step !== 'cost')
    .reduce((sum, result) => sum + (result.usd ?? 0), 0);
  return `${count('ok')} ok, ${count('failed')} failed, ${count('skipped')} skipped; at least US$ ${usd.toFixed(4)}.`;
}
