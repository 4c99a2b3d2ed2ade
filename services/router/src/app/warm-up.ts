import type { ModelCard, PastWords } from '@mosaic/proto';
import { chooseRoute } from './choose-route.ts';
import type { TaskModel } from './classify/task-model.ts';
import { defaultChain, defaultRules } from './default-rules.ts';

const code = `function total(rows: readonly Row[]): number {
  let sum = 0;
  for (const { price } of rows) sum += price;
  return sum;
}`;
const log = `2026-01-05T10:11:12.204Z ERROR [worker-3] lease of job 17 lost after 5000 ms
2026-01-05T10:11:13.001Z WARN [worker-1] retrying, 2 of 5
TypeError: Cannot read properties of undefined (reading 'id')
    at readRow (/srv/rows.ts:41:12)`;
const agent = `You are Harbor, an assistant that works in a terminal.

# Tools
- read_file(path): reads a file
- run_tests(pattern): runs the tests
- search_web(query): finds pages`;
const story = 'The river rose in the night, and by morning the lower street was under water. ';

/** One of every look, so that every way through the classifier is gone: letters of one byte and of two, too. */
const messages: readonly string[] = [
  'What is the capital of Peru?',
  'Thanks, that helps! How are you today?',
  'Write a short poem about the sea for my grandmother.',
  `Why does this return NaN when a price is missing? Fix it and add tests.\n\n\`\`\`ts\n${code}\n\`\`\``,
  `Find the root cause of this crash:\n\n${log}`,
  'A train leaves at 9:40 and takes 2.5 hours. When does it arrive?\nA. 11:10\nB. 12:10\nC. 12:40\nD. 13:10',
  `Summarize the following text in two sentences:\n\n${story.repeat(20)}`,
  'Translate “good morning, my friends” into German, please.',
  'Extract all names and dates as JSON: Ada Lovelace was born on 10 December 1815.',
  'Classify each review as positive or negative.\n\nname, stars, words\nAnn, 5, lovely\nBob, 1, cold soup\nCy, 3, it was fine',
  '请用一句话总结这段文字，然后给我三个标题的建议。',
  'Schreibe mir eine höfliche E-Mail an die Vermieterin über die kaputte Heizung.',
  'Compare PostgreSQL and MySQL for a small team: pros and cons, and which is better?',
  `${agent}\n\nAnalyze the sales table and plot the outliers.`,
  'make it shorter',
];

const history: readonly PastWords[] = [
  { role: 'user', content: 'Write a letter to my landlord.' },
  { role: 'assistant', content: 'Dear landlord, …' },
];

const price: ModelCard['price'] = {
  input: 1,
  output: 5,
  cacheRead: 0.1,
  cacheWrite5m: null,
  cacheWrite1h: null,
  tiers: [],
  source: 'nobody',
  asOf: '2026-11-24',
};

const cards: readonly ModelCard[] = defaultChain.map((name) => {
  const [provider = '', model = ''] = name.split('/');
  return {
    provider: provider as ModelCard['provider'],
    model,
    name: model,
    contextTokens: 200_000,
    maxOutputTokens: 8_192,
    capabilities: ['tools', 'vision'],
    price,
    isAvailable: true,
    unavailableReason: null,
  };
});

/** A pattern is read at its first use and compiled at its second, for letters of one byte and of two. */
const rounds = ['', '', ' …', ' …'];

/**
 * Decides about messages of our own before anybody asks: without it each of the first ten decisions of
 * a process took 6 ms of CPU instead of 1, and the first one in Chinese 12.
 */
export function warmUp(model: TaskModel): void {
  const world = { cards, rules: defaultRules, model };
  const needs = { tools: true, vision: false };
  for (const ending of rounds) {
    for (const message of messages) {
      const question = { text: message + ending, needs, contextTokens: 0, history: [...history] };
      chooseRoute(question, world);
    }
  }
}
