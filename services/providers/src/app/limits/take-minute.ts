import type { Limits } from '@mosaic/proto';
import type { RateLimiter } from '@mosaic/service-kit';

export type MinuteLimits = Pick<Limits, 'requestsPerMinute' | 'tokensPerMinute'>;

export interface MinuteWish {
  /** Whose minute it is, such as `user:<id>`. */
  readonly subject: string;
  /** Input and output, estimated. */
  readonly tokens: number;
  readonly limits: MinuteLimits;
}

export type MinuteTaking =
  | {
      readonly isAllowed: true;
      /** Corrects the estimate when it is known what the call used. Once; never rejects. */
      settle(usedTokens: number): Promise<void>;
    }
  | {
      readonly isAllowed: false;
      readonly waitMs: number;
      readonly exceeded: keyof MinuteLimits;
    };

/** Takes one request and its tokens of a minute, or neither. */
export async function takeMinute(limiter: RateLimiter, wish: MinuteWish): Promise<MinuteTaking> {
  const { limits, subject, tokens } = wish;
  const take = async (limit: number | null, name: string, points: number) =>
    limit === null ? nothingToTake : limiter.take({ key: `${subject}:${name}`, points, limit });
  const request = await take(limits.requestsPerMinute, 'requests', 1);
  if (!request.isAllowed) return { ...request, exceeded: 'requestsPerMinute' };
  const read = await take(limits.tokensPerMinute, 'tokens', tokens);
  if (read.isAllowed) return { isAllowed: true, settle: read.settle };
  await request.settle(0);
  return { ...read, exceeded: 'tokensPerMinute' };
}

const nothingToTake = { isAllowed: true, settle: async () => {} } as const;
