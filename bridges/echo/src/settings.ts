import { z } from 'zod';

/** What the echo bridge reads from its environment; each also as `NAME_FILE`. */
export const echoSettings = {
  channelId: {
    env: 'MOSAIC_CHANNEL_ID',
    schema: z.string().min(1).default('echo'),
    example: 'echo',
  },
  natsUrl: {
    env: 'NATS_URL',
    schema: z.string().default('nats://127.0.0.1:4222'),
    example: 'nats://127.0.0.1:4222',
  },
  credentials: {
    env: 'MOSAIC_NATS_CREDENTIALS',
    schema: z.string().min(1),
    example: 'MOSAIC_NATS_CREDENTIALS_FILE=.mosaic/credentials/bridge-echo.creds',
    isSecret: true,
  },
};
