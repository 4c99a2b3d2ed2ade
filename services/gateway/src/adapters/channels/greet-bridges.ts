import { channelHello, channelProtocolVersion, MosaicError } from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import type { ChannelStore } from '../../stores/channels.ts';
import { ensureBridgeConsumer } from './channel-registry.ts';

const heartbeatMs = 30_000;
/** What the contract of an inbound message takes. */
const maxTextChars = 100_000;

/** Answers the hello of bridges and remembers what their platforms can do. */
export function greetBridges(bus: Bus, channels: ChannelStore): void {
  bus.handle(channelHello, async ({ capabilities, channelId }, { tokens }) => {
    if (tokens['channelId'] !== channelId) {
      throw new MosaicError('forbidden', 'A bridge speaks for its own channel alone.');
    }
    await channels.noteCapabilities(channelId, capabilities);
    await ensureBridgeConsumer(bus, channelId);
    return { protocol: channelProtocolVersion, heartbeatMs, maxTextChars };
  });
}
