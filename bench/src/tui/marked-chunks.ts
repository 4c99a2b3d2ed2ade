export const answerLines = 5_000;

/** 5,000 lines of headings, lists, code, tables and paragraphs, each with a mark, in pieces of two lines. */
export function markedChunks(): string[] {
  const text = Array.from({ length: answerLines / 10 }, (_, block) => markedBlock(block)).join('');
  const lines = text.split(/(?<=\n)/);
  return Array.from({ length: Math.ceil(lines.length / 2) }, (_, pair) =>
    lines.slice(pair * 2, pair * 2 + 2).join(''),
  );
}

function markedBlock(block: number): string {
  const marks = Array.from({ length: 10 }, (_, line) => `mark${block * 10 + line}.`);
  const words = 'the quick brown fox jumps over the lazy dog';
  switch (block % 4) {
    case 0:
      return `## Part ${block}\n\n${marks.map((mark) => `- ${words} ${mark}`).join('\n')}\n\n`;
    case 1:
      return `\`\`\`ts\n${marks.map((mark) => `const fox = jump("${words}"); // ${mark}`).join('\n')}\n\`\`\`\n\n`;
    case 2:
      return `| mark | words |\n| --- | --- |\n${marks.map((mark) => `| ${mark} | ${words} |`).join('\n')}\n\n`;
    default:
      return `${marks.map((mark) => `${words} **${mark}** and \`more\``).join('\n')}\n\n`;
  }
}

/** How many different marks are in the text, and how many there are in all. */
export function countMarks(rows: readonly string[]): { different: number; all: number } {
  const marks = rows.join('').match(/mark\d+\./g) ?? [];
  return { different: new Set(marks).size, all: marks.length };
}
