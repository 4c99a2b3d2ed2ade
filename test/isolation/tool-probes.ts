import type { Loot } from './probes.ts';

/** What Ada's model asks of each tool that comes with Mosaic: arguments that name something of Bob's. */
export const toolProbes: Readonly<
  Record<string, (bob: Loot, url: string) => readonly Record<string, unknown>[]>
> = {
  current_time: () => [{}],
  memory_search: () => [{ query: 'canary bob secret', limit: 20 }],
  memory_save: () => [{ text: 'Ada asked a tool.' }],
  search_conversations: ({ conversationId }) => [
    { query: 'canary', limit: 20 },
    { query: conversationId },
  ],
  read_result: ({ conversationId }) => [{ id: conversationId }, { id: 'result-1' }],
  list_files: ({ userId, conversationId }) => [
    {},
    { path: `../../${userId}` },
    { path: `../../${userId}/${conversationId}` },
  ],
  read_file: ({ userId, conversationId }) => [
    { path: `../../${userId}/${conversationId}/secret.txt` },
    { path: `/${userId}/${conversationId}/secret.txt` },
  ],
  write_file: ({ userId, conversationId }) => [
    { path: `../../${userId}/${conversationId}/secret.txt`, content: 'stolen' },
  ],
  edit_file: ({ userId, conversationId }) => [
    { path: `../../${userId}/${conversationId}/secret.txt`, old: 'canary', new: 'stolen' },
  ],
  grep_files: ({ userId }) => [
    { pattern: 'canary' },
    { pattern: 'canary', path: `../../${userId}` },
  ],
  web_fetch: ({ conversationId }, url) => [{ url: `${url}/api/conversations/${conversationId}` }],
  'mcp:notes:note': () => [{ text: 'Ada was here.' }],
  shell: ({ userId }) => [{ command: `cat ../../${userId}/*/*` }],
};
