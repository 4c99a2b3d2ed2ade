import type { Stoppable } from '@mosaic/service-kit';
import { greetBridges } from './greet-bridges.ts';
import { type OutboundParts, sendOutbound } from './send-outbound.ts';
import { type InboundParts, takeInbound } from './take-inbound.ts';

/** Serves bridges: their hello, what comes in, and what goes out to them. */
export async function serveBridges(parts: InboundParts & OutboundParts): Promise<Stoppable> {
  greetBridges(parts.bus, parts.channels);
  const inbound = await takeInbound(parts);
  const outbound = await sendOutbound(parts);
  return {
    async stop() {
      await Promise.all([inbound.stop(), outbound.stop()]);
    },
  };
}
