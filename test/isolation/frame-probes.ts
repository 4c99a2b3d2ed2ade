import { type ClientFrame, makeId } from '@mosaic/proto';
import type { Loot } from './probes.ts';

/** One frame that Ada sends, and the errors one of which must answer it; none are due where it is empty. */
export interface FrameProbe {
  readonly frame: ClientFrame;
  readonly answeredBy: readonly string[];
}

type Make = (bob: Pick<Loot, 'conversationId' | 'messageId'>) => readonly FrameProbe[];

const gone = ['not_found'] as const;

/** By the type of the frame: one that is added has no line here, which neither types nor test let pass. */
export const frameProbes: Readonly<Record<ClientFrame['type'], Make>> = {
  hello: () => [
    { frame: { type: 'hello', protocol: 1, client: 'test/1' }, answeredBy: ['bad_request'] },
  ],
  subscribe: ({ conversationId }) =>
    [0, 1, 999].map((after) => ({
      frame: { type: 'subscribe', conversationId, after },
      answeredBy: gone,
    })),
  unsubscribe: ({ conversationId }) => [
    { frame: { type: 'unsubscribe', conversationId }, answeredBy: [] },
  ],
  send: ({ conversationId, messageId }) =>
    ([undefined, 'queue', 'steer'] as const).flatMap((mode) =>
      [makeId(), messageId].map((id) => ({
        frame: {
          type: 'send',
          conversationId,
          messageId: id,
          text: 'What was said here?',
          ...(mode !== undefined && { mode }),
        },
        answeredBy: gone,
      })),
    ),
  cancel: ({ conversationId }) => [
    { frame: { type: 'cancel', conversationId }, answeredBy: gone },
    { frame: { type: 'cancel', conversationId, run: makeId() }, answeredBy: gone },
  ],
  'answer-approval': ({ conversationId }) =>
    (['once', 'conversation', 'deny'] as const).map((answer) => ({
      frame: { type: 'answer-approval', conversationId, callId: 'k1', answer },
      answeredBy: gone,
    })),
  ping: ({ conversationId }) => [{ frame: { type: 'ping', id: conversationId }, answeredBy: [] }],
};
