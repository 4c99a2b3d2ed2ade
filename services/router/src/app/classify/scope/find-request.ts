/** A piece of a message, and how much it counts for what is asked. */
export interface Segment {
  readonly text: string;
  /** 1 for the request itself, less for what it is about. */
  readonly weight: number;
}

/** From here on a segment is part of the request. */
export const requestFrom = 0.7;

/** Beyond so many segments only the first and the last are looked at. */
const mostSegments = 48;

/** A short message is its own request. */
const shortChars = 240;

/** A sentence of this length tells; it does not ask. */
const askingChars = 400;

const boundary = /\n+|(?<=[.!?:]["”')]?)\s+|(?<=[。！？：])/;

const asks =
  /^\W*(?:please |kindly |now |then |first,? |also,? |and |so,? |hi |hello |hey )?(?:(?:can|could|would|will) you|i(?:'d| would)? (?:want|like|need)|help me|let'?s|your (?:task|job|role|goal)|act as|write|create|generate|make|give|list|explain|describe|summari[sz]e|rewrite|rephrase|paraphrase|reformulate|translate|classify|categori[sz]e|extract|identify|find|compare|analy[sz]e|tell|suggest|recommend|provide|compose|draft|design|develop|build|implement|fix|debug|improve|edit|proofread|correct|convert|calculate|compute|solve|prove|determine|answer|complete|fill|choose|select|pick|name|show|imagine|pretend|discuss|outline|brainstorm|plan|propose|simplify|shorten|condense|expand|turn|transform|reorgani[sz]e|organi[sz]e|label|sort|rank|evaluate|review|check|continue|add|remove|replace|change|update|refactor|polish|how|what|why|when|where|who|which|is|are|does|do|did|should|given|based on|using|from the|in the (?:following|text)|schreib|erklär|übersetz|fass|nenne|gib|wie|was|warum|écri|expli|tradui|résume|donne|comment|pourquoi|escrib|explic|traduc|resum|dame|cómo|qué)\b|[?？]["”')]?\s*$|[请帮把将写译翻总概解列给根据如何什么为什么怎么吗哪]/iu;

/**
 * Cuts a message's own words into sentences and lines and says how much each asks: the request
 * stands in front, behind, or between what it is about. Linear in the text.
 */
export function segmentsOf(words: string): readonly Segment[] {
  if (words.length <= shortChars) return [{ text: words, weight: 1 }];
  const all = words.split(boundary).filter((one) => one.trim() !== '');
  const pieces =
    all.length <= mostSegments
      ? all
      : [...all.slice(0, mostSegments / 2), ...all.slice(-mostSegments / 2)];
  const last = pieces.length - 1;
  return pieces.map((text, at) => ({ text, weight: weightOf(text, at === last ? 'last' : at) }));
}

function weightOf(text: string, place: number | 'last'): number {
  const isAsking = text.length <= askingChars && asks.test(text.slice(0, 200));
  if (place === 0) return isAsking ? 1 : 0.6;
  if (place === 1 || place === 'last') return isAsking ? 1 : 0.4;
  return isAsking ? 0.5 : 0.15;
}
