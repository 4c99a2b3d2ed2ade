export interface ExamplePrompt {
  readonly kind: string;
  readonly text: string;
}

/** Three messages that the rules send to different models. */
export const examplePrompts: readonly ExamplePrompt[] = [
  {
    kind: 'code',
    text: 'Refactor this TypeScript cache so that concurrent misses for one key load it only once, and explain the race it removes:\n\nasync get(key: string) {\n  const known = this.map.get(key);\n  if (known !== undefined) return known;\n  const value = await this.load(key);\n  this.map.set(key, value);\n  return value;\n}',
  },
  { kind: 'question', text: 'What is the difference between weather and climate?' },
  {
    kind: 'summary',
    text: 'Summarise in three bullet points: The minutes of the meeting note that the release moves to Thursday, that Ana takes over the migration from Jonas, and that the budget for the second server was refused until the load tests are repeated.',
  },
];
