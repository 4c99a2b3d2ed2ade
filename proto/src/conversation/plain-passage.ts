/** What a passage of markdown says, without the signs that only lay it out; its lines stay. */
export function plainPassage(markdown: string): string {
  return markdown
    .split('\n')
    .filter((line) => !rule.test(line) && !fence.test(line))
    .map(plainLine)
    .filter((line, index, lines) => line !== '' || lines[index - 1] !== '')
    .join('\n')
    .trim();
}

/** A line across, or the one under the head of a table. */
const rule = /^(?=.*(?:-|\*|_))(?:[-|:\s]{3,}|[*\s]{3,}|[_\s]{3,})$/;
const fence = /^\s*(?:`{3,}|~{3,})\S*\s*$/;
const lead = /^\s*(?:>\s?)*(?:#{1,6}\s+|[-*+]\s+(?:\[[ xX]\]\s+)?)?/;
const tableLine = /^\s*\|.*\|\s*$/;

function plainLine(line: string): string {
  const words = line.replace(lead, '');
  return withoutEmphasis(tableLine.test(words) ? inCells(words) : words).trimEnd();
}

const inCells = (row: string): string =>
  row
    .trim()
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim())
    .join(' · ');

/** Pairs alone: a lone star multiplies, and underscores join the words of a name. */
function withoutEmphasis(text: string): string {
  return text
    .replace(/!?\[([^\][]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+"[^"]*")?\)/g, '$1')
    .replace(/(`+)(?!`)(.+?)(?<!`)\1(?!`)/g, '$2')
    .replace(/(\*{1,3})(?=\S)([^*]+?)(?<=\S)\1/g, '$2')
    .replace(/~~(?=\S)([^~]+?)(?<=\S)~~/g, '$1')
    .replace(/(?<![\p{L}\p{N}_])(_{1,3})(?=\S)([^_]+?)(?<=\S)\1(?![\p{L}\p{N}_])/gu, '$2');
}
