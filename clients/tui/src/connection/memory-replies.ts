import { z } from 'zod';

/** What the terminal shows of a memory; the gateway tells more. */
const memoryShownSchema = z.object({
  id: z.string(),
  text: z.string(),
  kind: z.string(),
  extractor: z.string(),
});
export type MemoryShown = z.infer<typeof memoryShownSchema>;

export const memoriesReply = z.object({
  memories: z.array(memoryShownSchema),
  isPaused: z.boolean().default(false),
});

/** Of `POST /api/memory`; not new when the same was remembered before. */
export const savedMemoryReply = memoryShownSchema.extend({ isNew: z.boolean() });
