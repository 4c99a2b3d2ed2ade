import type { Attachment } from '@mosaic/proto';

const opening =
  /^\s*(?:#{1,3}\s*)?(?:\[?system(?: prompt| message)?\]?\s*:|you(?: are|'re) (?:an? |the )?(?:[\w'’,./-]+ ){0,7}?(?:assistant|agent|ai\b|(?:chat)?bot|model|cli\b|copilot|language model|tool)|you have access to|<system>)/i;

/** What only an agent's prompt says: headings, lists, rules for somebody. */
const firm =
  /^\s*#{1,4} \S|^\s*(?:tools?|functions?|guidelines|rules|instructions|capabilities|tone|style|environment|workflow|important|constraints|safety|output format|available tools)\b[^\n]{0,60}:|^\s*(?:[-*] |\d+[.)] )[^\n]*\n\s*(?:[-*] |\d+[.)] )|\byou (?:must|should|have access|may not|can use|are able)\b|^\s*(?:always|never)\b|\b(?:do not|don't) (?:ever|reveal|invent|make up|guess)\b|\bthe user\b|^\s*(?:today's date|current date|working directory|os)\b|<\/?\w+>/i;

/** What may stand between those. */
const loose =
  /^\s*(?:you\b|your\b|if\b|when\b|use\b|keep\b|prefer\b|only\b|be\b|avoid\b|after\b|before\b|make sure|respond\b|answer\b|think\b|do not|don't|[{}[\]]|[-*] |\d+[.)] )/i;

const userTurn =
  /^\s*(?:#+ *)?(?:user|human|user request|user message|request|question|task)\s*:\s*/i;

/**
 * Takes an agent's own prompt off the front of a message: its opening, and what follows in its
 * manner. What people say to a role ("You are a chef. Suggest a dish.") stays.
 */
export function withoutAgentPrompt(text: string, attachments: Attachment[]): string {
  if (!opening.test(text.slice(0, 300))) return text;
  const request = afterUserTurn(text) ?? afterParagraphs(text) ?? afterSentences(text);
  if (request === null || request.trim() === '') return text;
  attachments.push({ kind: 'agent-prompt', chars: text.length - request.length });
  return request.replace(userTurn, '');
}

function afterUserTurn(text: string): string | null {
  const lines = text.split('\n');
  const start = lines.findLastIndex((line) => userTurn.test(line));
  return start < 1 ? null : lines.slice(start).join('\n').replace(userTurn, '');
}

/** The paragraphs behind the last one that an agent's prompt has and people do not write. */
function afterParagraphs(text: string): string | null {
  const parts = partsOf(text);
  if (parts.length < 2) return null;
  let own = 1;
  for (let at = 1; at < parts.length - 1; at += 1) {
    const part = parts[at]?.text ?? '';
    if (firm.test(part)) own = at + 1;
    else if (!loose.test(part)) break;
  }
  return text.slice(parts[own]?.start);
}

interface Part {
  readonly start: number;
  readonly text: string;
}

/** The first line, what is left of its paragraph, and the paragraphs behind; lines without those. */
function partsOf(text: string): Part[] {
  const hasParagraphs = /\n\s*\n\s*\S/.test(text);
  const cuts = hasParagraphs ? /^[^\n]*\n|\n\s*\n\s*/g : /\n+/g;
  const parts: Part[] = [];
  let start = 0;
  for (const cut of text.matchAll(cuts)) {
    const end = cut.index + cut[0].length;
    const part = text.slice(start, end);
    if (part.trim() !== '') parts.push({ start, text: part });
    start = end;
  }
  if (start < text.length) parts.push({ start, text: text.slice(start) });
  return parts;
}

/** Everything on one line: the sentences behind those that speak to the agent. */
function afterSentences(text: string): string | null {
  const sentences = text.split(/(?<=[.!?])\s+/);
  let own = 1;
  while (
    own < sentences.length &&
    /^(?:you|your|always|never|do not|don't|be)\b/i.test(sentences[own] ?? '')
  ) {
    own += 1;
  }
  return own >= sentences.length ? null : sentences.slice(own).join(' ');
}
