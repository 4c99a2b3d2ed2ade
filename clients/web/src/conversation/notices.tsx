import { PageLink } from '../navigation/page-link.tsx';
import { providersPath } from '../navigation/page-paths.ts';
import { useTransport } from '../transport/client-context.ts';
import { useConnectionTrouble } from '../transport/use-connection-trouble.ts';

/** Above the conversation: that answers are simulated, and that the gateway is out of reach. */
export function Notices() {
  const isDemo = useTransport((state) => state.welcome?.isDemo ?? false);
  const isTroubled = useConnectionTrouble();
  return (
    <>
      {isDemo && (
        <p className="notice notice-simulated">
          <strong>Demo</strong> – answers are simulated, everything else is real.{' '}
          <PageLink path={providersPath} isShown={false} className="underline">
            Use your own key
          </PageLink>{' '}
          for real ones.
        </p>
      )}
      <div role="status">
        {isTroubled && (
          <p className="notice">
            Mosaic is out of reach. Trying again; what you write is kept and sent then.
          </p>
        )}
      </div>
    </>
  );
}
