import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';

const rememberedSchema = z.object({ conversations: z.record(z.string(), z.string()) });

/** Which conversation was open last, for each server. Losing the file only loses the convenience. */
export interface RememberedConversation {
  read(): string | undefined;
  write(conversationId: string): void;
}

export function rememberConversation(dataDir: string, url: string): RememberedConversation {
  const file = resolve(dataDir, 'tui-state.json');
  return {
    read: () => readAll(file)[url],
    write(conversationId) {
      const conversations = { ...readAll(file), [url]: conversationId };
      try {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
        writeFileSync(file, `${JSON.stringify({ conversations })}\n`, { mode: 0o600 });
      } catch {
        // A read-only folder: the server's list still says which conversation was used last.
      }
    },
  };
}

function readAll(file: string): Record<string, string> {
  try {
    const parsed = rememberedSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data.conversations : {};
  } catch {
    return {};
  }
}
