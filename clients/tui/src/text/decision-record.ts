import {
  type AnswerView,
  cacheInWords,
  formatMicros,
  judgeInWords,
  type RouteDecision,
  type RouteFact,
  surenessInWords,
} from '@mosaic/proto';
import { formatCost } from './format-amounts.ts';
import { oneLine } from './neutralise-controls.ts';
import { routingLine } from './routing-line.ts';

/** The whole decision behind an answer, one fact per line, as `/why` prints it. */
export function decisionRecord(answer: AnswerView): string[] {
  const { decision } = answer;
  if (decision === null) return [routingLine(answer), 'No model was chosen for this message.'];
  return [
    routingLine(answer),
    row('reason', oneLine(answer.reason)),
    row('decided by', `${decision.authority}, rule ${oneLine(decision.rule)}`),
    ...signals(decision),
    ...decision.considered.map(describeRule),
    ...rejected(decision),
    ...describeNext(decision),
    ...rows('cache', decision.cache === undefined ? [] : [oneLine(cacheInWords(decision.cache))]),
    row('expected', `${formatCost(decision.expectedCostUsd)} · ${howItWasMade(decision)}`),
  ];
}

const row = (name: string, text: string): string => `${name.padEnd(13)}${text}`;
const rows = (name: string, texts: readonly string[]): string[] =>
  texts.map((text, index) => row(index === 0 ? name : '', text));

/** What was seen in the message, strongest first, and what else the rules were told. */
function signals({ facts = [], judge, profile }: RouteDecision): string[] {
  const { complexity, cues, domain, language, needs, task } = profile;
  // The classifier's own are in the lines above, and who asks knows who they are.
  const known = facts.filter(
    ({ fact, source }) => source !== 'classifier' && source !== 'nobody' && fact !== 'user',
  );
  const seen = `${task} (${surenessInWords({ judge, profile })}), ${complexity}, ${domain}, language ${language}`;
  return [
    row('task', seen),
    ...rows('judged', judge === undefined ? [] : [oneLine(judgeInWords(judge))]),
    ...rows('cues', cues.length === 0 ? [] : [cues.map(oneLine).join(', ')]),
    ...rows('needs', needs.length === 0 ? [] : [needs.join(', ')]),
    ...rows('known', known.length === 0 ? [] : [known.map(describeFact).join(', ')]),
  ];
}

function describeFact({ fact, source, value }: RouteFact): string {
  const words = Array.isArray(value) ? value.join('+') : String(value ?? 'unknown');
  const shown = words === '' ? 'none' : words;
  return `${oneLine(fact)}=${oneLine(shown)} (${source})`;
}

function describeRule({ rule, failed }: RouteDecision['considered'][number]): string {
  return row('rule', `${oneLine(rule)}: ${failed === null ? 'matched' : `no, ${oneLine(failed)}`}`);
}

/** Every candidate that could not answer and why, each once. */
function rejected({ removed = [], skipped }: RouteDecision): string[] {
  const named = new Map(removed.map((one) => [`${one.provider}/${one.model}`, one.namedBy]));
  const all = new Map(
    [...removed, ...skipped].map((one) => [`${one.provider}/${one.model}`, one.why]),
  );
  const texts = [...all].map(([model, why]) => {
    const by = named.get(model);
    const whose = by === undefined ? '' : ` (named by ${oneLine(by)})`;
    return `${oneLine(model)}: ${oneLine(why)}${whose}`;
  });
  return rows('passed over', texts);
}

/** Who would have answered next, and what that would have cost. */
function describeNext({ alternatives, nextBest }: RouteDecision): string[] {
  const names = alternatives.map(({ model, provider }) => `${provider}/${oneLine(model)}`);
  if (names.length === 0) return [];
  const cost =
    nextBest === undefined
      ? ''
      : ` · ${oneLine(nextBest.model)} would cost ${formatCost(nextBest.expectedCostUsd)}`;
  return [row('next', `${names.join(', ')}${cost}`)];
}

function howItWasMade({ modelFile, policyVersion, tookUs }: RouteDecision): string {
  const classifier = modelFile === undefined ? '' : ` · classifier ${oneLine(modelFile)}`;
  return `decided in ${formatMicros(tookUs)} · policy ${oneLine(policyVersion)}${classifier}`;
}
