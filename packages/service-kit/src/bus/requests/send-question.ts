import type { Msg } from '@nats-io/transport-node';
import { type BusCore, type Outgoing, send } from '../connection/bus-core.ts';
import { isNoResponders } from '../connection/reply-inbox.ts';

const askAgainMs = 50;

/**
 * Sends a question and hands every answer to `hear` until the returned function is called. "Nobody
 * is there" is an answer too, but not in the moments after a lost connection is back: then whoever
 * serves may be on the way back as well, and asking again what nobody heard is harmless.
 */
export function sendQuestion(
  core: BusCore,
  message: Outgoing,
  hear: (answer: Msg) => void,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  const inbox = core.replies.open((answer) => {
    if (isNoResponders(answer) && core.watch.cameBackWithin(core.timings.settleMs)) {
      timer = setTimeout(askAgain, askAgainMs);
    } else {
      hear(answer);
    }
  });
  const question = { ...message, reply: inbox.subject };
  const askAgain = () => {
    try {
      send(core, question);
    } catch (thrown) {
      core.log.debug({ err: thrown }, 'A question could not be asked again.');
    }
  };
  const close = () => {
    clearTimeout(timer);
    inbox.close();
  };
  try {
    send(core, question);
  } catch (thrown) {
    close();
    throw thrown;
  }
  return close;
}
