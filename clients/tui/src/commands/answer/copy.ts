import { answerText } from '@mosaic/proto/client';
import { lastAnswer } from '../../state/running-turn.ts';
import type { RunCommand } from '../command.ts';

/** `/copy [code]` */
export const copy: RunCommand = (argument, host) => {
  const answer = lastAnswer(host.session.state);
  const text = answer === undefined ? '' : answerText(answer);
  const wanted = argument === 'code' ? lastCode(text) : text;
  host.print([
    wanted === ''
      ? `There is no ${argument === 'code' ? 'code in the last answer' : 'answer'} to copy.`
      : host.copy(wanted),
  ]);
};

/** What stands in the last fenced block, without its fences. */
function lastCode(text: string): string {
  const blocks = [...text.matchAll(/^ {0,3}(`{3,}|~{3,})[^\n]*\n([\s\S]*?)^ {0,3}\1[ \t]*$/gm)];
  return blocks.at(-1)?.[2] ?? '';
}
