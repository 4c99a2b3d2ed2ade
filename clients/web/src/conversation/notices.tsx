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
          <strong>Demo</strong> – no vendor key is set: answers are simulated, everything else is
          real.
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
