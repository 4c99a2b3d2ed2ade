import { MosaicError } from '@mosaic/proto';
import type { Clock } from '@mosaic/service-kit';
import { z } from 'zod';
import { defineTool, type Tool } from './tool.ts';

export function currentTimeTool(clock: Clock): Tool {
  return defineTool({
    name: 'current_time',
    description: 'The current date, time and weekday in a time zone.',
    parameters: z.object({
      timeZone: z.string().default('UTC').describe('IANA name such as Europe/Rome.'),
    }),
    async run({ timeZone }) {
      try {
        const format = new Intl.DateTimeFormat('en-GB', {
          dateStyle: 'full',
          timeStyle: 'long',
          timeZone,
        });
        return format.format(clock.now());
      } catch (cause) {
        throw new MosaicError('bad_request', `"${timeZone}" is not a time zone.`, { cause });
      }
    },
  });
}
