import type { ReplyOf, refreshCatalogue } from '@mosaic/proto';

/** A job's log is read line by line: more sentences than this are counted instead. */
const mostSentences = 20;

/** What a look at the vendors' lists found, in one line. */
export function describeRefresh(report: ReplyOf<typeof refreshCatalogue>): string {
  const { changes, compared, left, notCompared } = report;
  const told = changes.slice(0, mostSentences).map((change) => change.text);
  const untold = changes.length - told.length + left;
  const head =
    compared.length === 0
      ? 'Nothing could be compared.'
      : `Compared ${compared.join(', ')}: ${changes.length + left} changes.`;
  return [
    head,
    ...told,
    ...(untold > 0 ? [`And ${untold} more.`] : []),
    ...notCompared.map(({ provider, why }) => `Not compared: ${provider}. ${why}`),
  ].join(' ');
}
