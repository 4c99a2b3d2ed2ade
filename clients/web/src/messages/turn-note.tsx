import type { AnswerView, ErrorCode } from '@mosaic/proto';
import { Icon } from '../elements/icon.tsx';
import { PageLink } from '../navigation/page-link.tsx';
import { providersPath } from '../navigation/page-paths.ts';

/** What is mended where the keys are. */
const aboutKeys: ReadonlySet<ErrorCode> = new Set([
  'missing_key',
  'no_model_available',
  'provider_auth',
  'provider_forbidden',
  'provider_quota',
]);

interface TurnNoteProps {
  readonly answer: AnswerView;
  /** Sends the same text again. */
  readonly onTryAgain: () => void;
}

/** What a person must know about how a turn went, besides its text. */
export function TurnNote({ answer, onTryAgain }: TurnNoteProps) {
  const { status, failure, restarts, warnings } = answer;
  return (
    <>
      {restarts > 0 && (
        <p className="note">
          The worker was lost on the way; the answer was started again
          {restarts > 1 ? ` (${restarts} times)` : ''}.
        </p>
      )}
      {warnings.map((warning) => (
        <p key={warning} className="note">
          {warning}
        </p>
      ))}
      {status === 'cancelled' && <p className="note">Stopped. What was written is kept.</p>}
      {status === 'failed' && (
        <div className="note note-bad flex flex-wrap items-center gap-x-4 gap-y-2" role="alert">
          <span className="flex-1 basis-64 whitespace-pre-line">
            {failure?.message ?? 'The answer failed.'}
          </span>
          {failure !== null && aboutKeys.has(failure.code) && (
            <PageLink path={providersPath} isShown={false} className="underline">
              Providers and keys
            </PageLink>
          )}
          <button type="button" className="quiet-button" onClick={onTryAgain}>
            <Icon name="retry" /> try again
          </button>
        </div>
      )}
    </>
  );
}
