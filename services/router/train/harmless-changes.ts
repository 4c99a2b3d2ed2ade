import { seeded } from './seeded.ts';

/** A change of a prompt that leaves its task what it is. */
export interface HarmlessChange {
  readonly name: string;
  readonly change: (prompt: string) => string;
}

const agentPrompt = `You are Harbor, an autonomous coding agent that works in a terminal.

# Tone and style
- Answer in fewer than four lines unless the user asks for detail.
- Never commit secrets. Always write clean TypeScript and fix failing tests.

# Tools
You can use these tools:
- read_file(path): reads a file
- run_tests(pattern): runs the unit tests of the repository
- search_web(query): finds pages

When you have finished a change, run the linter. Do not guess file names.

Working directory: /home/mia/shop
Today's date: 2026-11-25`;

const levels = ['INFO', 'WARN', 'ERROR', 'DEBUG'];
const log = Array.from(
  { length: 26 },
  (_, line) =>
    `2026-11-24T10:${String(10 + line)}:11.204Z ${levels[line % 4]} [worker-${line % 5}] lease of job ${4_000 + line} lost after 5000 ms, retrying`,
).join('\n');

const subjects = ['file', 'page', 'issue', 'mail', 'event', 'table', 'image', 'user'];
const verbs = ['read', 'list', 'update', 'delete'];
const tools = subjects.flatMap((subject) =>
  verbs.map(
    (verb) => `- ${verb}_${subject}(id, options): can ${verb} one ${subject} or several of them`,
  ),
);
const jsonTools = subjects.flatMap((subject) =>
  verbs.map((verb) => ({
    name: `${verb}_${subject}`,
    description: `Can ${verb} one ${subject}.`,
    parameters: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
  })),
);

/** What people and programs add to a prompt without asking for something else. */
export const harmlessChanges: readonly HarmlessChange[] = [
  { name: 'greeting in front', change: (prompt) => `Hi there! ${prompt}` },
  { name: 'greeting on a line of its own', change: (prompt) => `Hello,\n\n${prompt}` },
  { name: 'thanks behind', change: (prompt) => `${prompt} Thank you very much!` },
  { name: '"think step by step" behind', change: (prompt) => `${prompt} Think step by step.` },
  { name: '"let\'s think" in front', change: (prompt) => `Let's think step by step. ${prompt}` },
  { name: 'typos', change: withTypos },
  { name: 'capital letters', change: (prompt) => prompt.toUpperCase() },
  { name: 'small letters', change: (prompt) => prompt.toLowerCase() },
  { name: "an agent's prompt in front", change: (prompt) => `${agentPrompt}\n\n${prompt}` },
  {
    name: "an agent's sentence in front",
    change: (prompt) => `You are a helpful AI assistant. You answer truthfully.\n${prompt}`,
  },
  { name: 'a log of 2 KB behind', change: (prompt) => `${prompt}\n\n${log}` },
  {
    name: '32 tools in front',
    change: (prompt) => `You have access to the following tools:\n${tools.join('\n')}\n\n${prompt}`,
  },
  {
    name: '32 tools behind, as JSON',
    change: (prompt) => `${prompt}\n\nAvailable tools:\n${JSON.stringify(jsonTools, null, 2)}`,
  },
  { name: 'quoted by marks', change: (prompt) => `"${prompt}"` },
  { name: 'quoted by lines', change: (prompt) => prompt.replace(/^/gm, '> ') },
];

/** Swaps two neighbouring letters in about every twelfth word, the same ones each time. */
function withTypos(prompt: string): string {
  const random = seeded(prompt.length);
  return prompt.replace(/[a-zA-Z]{4,}/g, (word) => {
    if (random() > 1 / 12) return word;
    const at = 1 + Math.floor(random() * (word.length - 2));
    return `${word.slice(0, at)}${word[at + 1]}${word[at]}${word.slice(at + 2)}`;
  });
}
