import { bridgeConsumer, channelOutbound, MosaicError } from '@mosaic/proto';
import type { Bus } from '@mosaic/service-kit';
import type { Channel, ChannelStore } from '../../stores/channels.ts';
import type { UserStore } from '../../stores/users.ts';

const bridgeAckWaitMs = 30_000;

/** The bridges of the installation. */
export interface ChannelRegistry {
  list(): Promise<readonly Channel[]>;
  /** Keeps a channel and makes the consumer its bridge reads by. Throws not_found for an unknown owner. */
  register(channel: Omit<Channel, 'createdAt'>): Promise<Channel>;
}

export function makeChannelRegistry(parts: {
  readonly bus: Bus;
  readonly channels: ChannelStore;
  readonly users: UserStore;
}): ChannelRegistry {
  const { bus, channels, users } = parts;
  return {
    list: () => channels.list(),
    async register(wish) {
      if ((await users.find(wish.ownerUserId)) === undefined) {
        throw new MosaicError('not_found', 'There is no user with this id.');
      }
      const channel = await channels.add(wish);
      await ensureBridgeConsumer(bus, channel.id);
      return channel;
    },
  };
}

/** A bridge may not make consumers: its own is made for it. */
export function ensureBridgeConsumer(bus: Bus, channelId: string): Promise<void> {
  return bus.ensureConsumer(channelOutbound, {
    durable: bridgeConsumer(channelId),
    tokens: { channelId },
    ackWaitMs: bridgeAckWaitMs,
  });
}
