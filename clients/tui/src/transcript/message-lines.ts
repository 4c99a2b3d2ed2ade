import type { AnswerView, MessageBlock, ToolBlock, UserMessageView } from '@mosaic/proto';
import { truncateToWidth, wrapTextWithAnsi } from '../screen/pi-tui.ts';
import { bold, cyan, dim, inverse, italic, red, yellow } from '../screen/style.ts';
import { failureLines } from '../text/failure-lines.ts';
import { neutraliseControls, oneLine } from '../text/neutralise-controls.ts';
import { routingLine } from '../text/routing-line.ts';
import { toolCard } from '../text/tool-card.ts';
import { wrapFacts, wrapHanging } from '../text/wrap-hanging.ts';

type ThoughtBlock = Extract<MessageBlock, { type: 'reasoning' }>;

const shownUserLines = 12;
const shownUserChars = 6_000;
const endLines = 3;
const endChars = 1_500;

/**
 * A person's message; a long one is folded, because they know what they pasted. Its last lines are
 * shown too: the question mostly stands behind the paste.
 */
export function userLines({ text }: Pick<UserMessageView, 'text'>, width: number): string[] {
  const room = Math.max(1, width - 2);
  const lines = wrapTextWithAnsi(printable(text.slice(0, shownUserChars)), room);
  const isCut = text.length > shownUserChars || lines.length > shownUserLines;
  const begin = isCut ? lines.slice(0, shownUserLines - endLines - 1) : lines;
  const end = isCut ? wrapTextWithAnsi(printable(text.slice(-endChars)), room) : [];
  const folded = dim(`… folded (${text.length.toLocaleString('en-US')} characters)`);
  return [
    '',
    ...begin.map((line, index) => `${index === 0 ? bold(cyan('❯ ')) : '  '}${bold(line)}`),
    ...(isCut ? [`  ${folded}`] : []),
    ...end.slice(-endLines).map((line) => `  ${bold(line)}`),
  ];
}

const printable = (text: string): string =>
  neutraliseControls(text.toWellFormed()).replaceAll('\t', '    ');

export function toolLines(block: ToolBlock, width: number): string[] {
  const card = truncateToWidth(toolCard(block), width, '…');
  if (block.approval?.state === 'waiting') return [yellow(card)];
  return [block.isError ? red(card) : dim(card)];
}

/** What a model thought, for those who want to see it. */
export function thoughtLines({ text }: Pick<ThoughtBlock, 'text'>, width: number): string[] {
  return neutraliseControls(text.trim())
    .split('\n')
    .flatMap((line) => wrapTextWithAnsi(dim(italic(line)), width));
}

export function restartLines(why: string | undefined, width: number): string[] {
  const reason = why === undefined ? '' : ` (${oneLine(why)})`;
  return wrapTextWithAnsi(
    yellow(`↻ The turn was restarted${reason}; the answer begins again.`),
    width,
  );
}

/** What stands under an answer when it has ended: how it went, and the routing line. */
export function endingLines(answer: AnswerView, width: number): string[] {
  const wrap = (line: string): string[] => wrapHanging(line, width);
  const restarts = answer.restarts > 0 ? ` · restarted ${answer.restarts}×` : '';
  const warnings = answer.warnings.map((warning) => yellow(`! ${oneLine(warning)}`));
  const notes = [...outcomeLines(answer), ...warnings].flatMap(wrap);
  return ['', ...notes, ...wrapFacts(routingLine(answer) + restarts, width).map(dimFacts)];
}

const simulated = 'SIMULATED · ';

/** The word becomes a mark of the same width. */
function dimFacts(row: string): string {
  if (!row.startsWith(simulated)) return dim(row);
  return `${yellow(inverse(' SIMULATED '))} ${dim(row.slice(simulated.length))}`;
}

function outcomeLines({ status, failure }: AnswerView): string[] {
  if (status === 'cancelled') return [yellow('■ Stopped. What arrived is kept.')];
  if (failure === null) return [];
  const [sentence = '', ...advice] = failureLines(failure);
  return [red(sentence), ...advice];
}
