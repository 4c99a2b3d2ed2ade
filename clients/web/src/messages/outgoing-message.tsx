import { Icon } from '../elements/icon.tsx';
import { useClient, useTransport } from '../transport/client-context.ts';
import type { OutboxEntry } from '../transport/outbox.ts';
import { UserMessage } from './user-message.tsx';

interface OutgoingMessageProps {
  readonly entry: OutboxEntry;
  /** True while an earlier message is being answered: this one waits for its turn. */
  readonly isBusy: boolean;
}

/** A message on its way, with its state and, when it did not get through, a way to send it again. */
export function OutgoingMessage({ entry, isBusy }: OutgoingMessageProps) {
  const client = useClient();
  const isConnected = useTransport((state) => state.link === 'open');
  return (
    <div className="grid justify-items-end gap-1.5">
      <UserMessage text={entry.text} at={null} />
      {entry.state === 'failed' ? (
        <p className="flex flex-wrap items-center gap-2 text-sm text-bad" role="alert">
          not sent: {entry.problem}
          <button type="button" className="quiet-button" onClick={() => client.retry(entry)}>
            <Icon name="retry" /> send again
          </button>
        </p>
      ) : (
        <p className="text-sm text-dim">{waitingFor(entry.state, { isBusy, isConnected })}</p>
      )}
    </div>
  );
}

function waitingFor(
  state: OutboxEntry['state'],
  { isBusy, isConnected }: { readonly isBusy: boolean; readonly isConnected: boolean },
): string {
  if (state === 'sending') return isConnected ? 'sending …' : 'is sent when Mosaic is back';
  return isBusy ? 'next in line' : 'sent';
}
