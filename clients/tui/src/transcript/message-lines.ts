import type { AnswerView, MessageBlock, ToolBlock, UserMessageView } from '@mosaic/proto';
import { truncateToWidth, wrapTextWithAnsi } from '../screen/pi-tui.ts';
import { bold, cyan, dim, inverse, italic, red, yellow } from '../screen/style.ts';
import { failureLines } from '../text/failure-lines.ts';
import { neutraliseControls, oneLine } from '../text/neutralise-controls.ts';
import { routingLine } from '../text/routing-line.ts';
import { toolCard } from '../text/tool-card.ts';

type ThoughtBlock = Extract<MessageBlock, { type: 'reasoning' }>;

const shownUserLines = 12;
const shownUserChars = 6_000;

/** A person's message; a long one is folded, because they know what they pasted. */
export function userLines(message: Pick<UserMessageView, 'text'>, width: number): string[] {
  const shown = neutraliseControls(message.text.slice(0, shownUserChars)).replaceAll('\t', '    ');
  const lines = wrapTextWithAnsi(shown, Math.max(1, width - 2));
  const isCut = message.text.length > shownUserChars || lines.length > shownUserLines;
  const kept = isCut ? lines.slice(0, shownUserLines) : lines;
  return [
    '',
    ...kept.map((line, index) => `${index === 0 ? bold(cyan('❯ ')) : '  '}${bold(line)}`),
    ...(isCut
      ? [dim(`  … folded (${message.text.length.toLocaleString('en-US')} characters)`)]
      : []),
  ];
}

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
  const wrap = (line: string): string[] => wrapTextWithAnsi(line, width);
  const line = routingLine(answer).replace(/^SIMULATED · /, '');
  const mark = answer.isSimulated ? `${yellow(inverse(' SIMULATED '))} ` : '';
  const restarts = answer.restarts > 0 ? ` · restarted ${answer.restarts}×` : '';
  const warnings = answer.warnings.map((warning) => yellow(`! ${oneLine(warning)}`));
  const notes = [...outcomeLines(answer), ...warnings].flatMap(wrap);
  return ['', ...notes, ...wrap(`${mark}${dim(line + restarts)}`)];
}

function outcomeLines({ status, failure }: AnswerView): string[] {
  if (status === 'cancelled') return [yellow('■ Stopped. What arrived is kept.')];
  if (failure === null) return [];
  const [sentence = '', ...advice] = failureLines(failure);
  return [red(sentence), ...advice];
}
