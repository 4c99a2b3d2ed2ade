import type { SeenRequest } from '../wire/seen-request.ts';

/** What Mosaic puts before a person's words: what it remembers, or a summary. */
const blocks = /<(mosaic-[a-z]+) mark="([^"]*)">[\s\S]*?<\/\1 mark="\2">\n*/g;

/** The request with the words of people alone: a real model knows them from what is kept about them. */
export function withOwnWords(request: SeenRequest): SeenRequest {
  const turns = request.turns.map((turn) =>
    turn.role === 'user' ? { ...turn, text: turn.text.replace(blocks, '') } : turn,
  );
  return { ...request, turns };
}
