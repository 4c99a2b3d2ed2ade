import type { RunCommand } from '../command.ts';
import { chatModels, findModel } from '../model/find-model.ts';

/** `/retry [model]`: the model is for this one message; what is pinned stays. */
export const retry: RunCommand = async (argument, host) => {
  const { session, print } = host;
  const asked = session.state.conversation.messages.findLast((message) => message.role === 'user');
  if (asked?.role !== 'user') {
    print(['There is no question yet to ask again.']);
    return;
  }
  if (argument === '' || argument === 'auto') {
    session.send({ text: asked.text });
    return;
  }
  const { name, problem } = findModel(argument, await chatModels(host));
  if (name === null) {
    print([problem]);
    return;
  }
  session.send({ text: asked.text, model: name });
  const about = { conversationId: session.state.conversation.id, messageId: asked.id };
  // Another answer was wanted: the router may learn from it, and nobody waits for that.
  session.rest.giveFeedback({ ...about, kind: 'model', model: name }).catch(() => undefined);
};
