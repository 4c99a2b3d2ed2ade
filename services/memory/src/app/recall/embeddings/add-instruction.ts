/** What an embedding model wants in front of a text, so that questions and passages meet. */
interface Instructions {
  readonly query: string;
  readonly document: string;
}

/**
 * By the beginning of the model's name. Ollama adds nothing by itself, and without them nomic finds
 * less than plain words do. Sources: the model cards of nomic-embed-text-v1.5, mxbai-embed-large-v1,
 * snowflake-arctic-embed, embeddinggemma-300m, e5 and Qwen3-Embedding.
 */
const instructions: readonly (readonly [string, Instructions])[] = [
  ['nomic-embed-text', { query: 'search_query: ', document: 'search_document: ' }],
  [
    'mxbai-embed-large',
    { query: 'Represent this sentence for searching relevant passages: ', document: '' },
  ],
  [
    'snowflake-arctic-embed',
    { query: 'Represent this sentence for searching relevant passages: ', document: '' },
  ],
  ['embeddinggemma', { query: 'task: search result | query: ', document: 'title: none | text: ' }],
  [
    'qwen3-embedding',
    {
      query:
        'Instruct: Given a question, retrieve passages of past conversations that answer it\nQuery:',
      document: '',
    },
  ],
];
const none: Instructions = { query: '', document: '' };

/** A text as the model wants it. */
export function addInstruction(
  text: string,
  { model, use }: { readonly model: string; readonly use: keyof Instructions },
): string {
  const name = model.split('/').at(-1) ?? model;
  const found = instructions.find(([beginning]) => name.startsWith(beginning));
  return `${(found?.[1] ?? none)[use]}${text}`;
}
