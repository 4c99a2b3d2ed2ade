const approvals =
  /^(?:yes|yep|yeah|ok(?:ay)?|sure|please do|do it|go on|go ahead|continue|carry on|next|more|again|try again|no|nope|right|exactly|correct|proceed|ja|nein|weiter|mach weiter|genau|oui|non|continue[rz]?|sí|si|vale|sigue|va bene|avanti|是|好|好的|继续|はい|続けて)(?:[\s,]+(?:please|bitte|do|it|that|then|with|so|s'il vous plaît|per favore))*[\s.!?。!]*$/i;

/** True for words that only carry the turn before on ("yes", "go on") and so stay with its model. */
export function isFollowUp(text: string): boolean {
  const words = text.trim();
  return words.length <= 60 && approvals.test(words);
}
