import { answerText, approvalAnswerSchema, waitingApprovals } from '@mosaic/proto';
import { copyText } from '../../elements/copy-text.ts';
import { answerApproval } from '../../rest/conversations.ts';
import { noteOtherModel } from '../../rest/feedback.ts';
import { openLastRecord } from '../../routing/open-last-record.ts';
import { inConversation, type PageCommand } from '../command-context.ts';
import { findModel } from './find-model.ts';

const noAnswer = 'There is no answer yet.';

/** `/why` */
export const why: PageCommand = async () => (openLastRecord() ? null : noAnswer);

/** `/retry [model]`: the model is for this one message; what is pinned stays. */
export const retry = inConversation(async (argument, conversationId, { send, view }) => {
  const asked = view?.messages.findLast((message) => message.role === 'user');
  if (asked?.role !== 'user') return 'There is no question yet to ask again.';
  if (argument === '' || argument === 'auto') {
    send(asked.text);
    return null;
  }
  const { name, problem } = await findModel(argument);
  if (name === null) return problem;
  send(asked.text, name);
  noteOtherModel({ conversationId, messageId: asked.id, model: name });
  return null;
});

/** `/copy [code]` */
export const copy: PageCommand = async (argument, { view }) => {
  const answer = view?.messages.findLast((message) => message.role === 'assistant');
  if (answer?.role !== 'assistant') return noAnswer;
  const text = answerText(answer);
  const code = [...text.matchAll(/^```[^\n]*\n([\s\S]*?)^```/gm)].at(-1)?.[1];
  if (argument === 'code' && code === undefined) return 'The last answer has no block of code.';
  const isCopied = await copyText(argument === 'code' ? (code ?? '') : text);
  return isCopied ? 'Copied.' : 'The browser does not let this page copy: mark the text instead.';
};

/** `/approve <once|conversation|deny>`: answers the call that has waited longest. */
export const approve = inConversation(async (argument, conversationId, { view }) => {
  const [waiting] = view === undefined ? [] : waitingApprovals(view);
  const answer = approvalAnswerSchema.safeParse(argument.toLowerCase());
  if (waiting === undefined) return 'No tool call waits for you.';
  if (!answer.success) {
    return `${waiting.name} waits. Say how: /approve once, conversation or deny.`;
  }
  await answerApproval(conversationId, { callId: waiting.callId, answer: answer.data });
  return null;
});
