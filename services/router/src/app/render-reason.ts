import type { JudgeWord, RouteDecision } from '@mosaic/proto';

const maxChars = 200;

/** The sentence for people, made from the record and nothing else. */
export function renderReason(record: Omit<RouteDecision, 'reason' | 'tookUs'>): string {
  const sentence = `${record.modelName}: ${because(record)}${bounds(record)}`;
  const instead = record.skipped[0];
  const passed =
    instead === undefined
      ? ''
      : ` Passed over ${instead.model}: ${instead.why.replace(/\.$/, '')}.`;
  const next = record.alternatives[0];
  const whole = `${sentence}${passed}${next === undefined ? '' : ` Next: ${next.model}.`}`;
  if (whole.length <= maxChars) return whole;
  const short = `${sentence}${passed}`;
  return short.length <= maxChars ? short : `${short.slice(0, maxChars - 1)}…`;
}

/** What narrowed the choice besides the rule that made it. */
function bounds({
  agent,
  judge,
  localOnlyBy,
  without,
}: Pick<RouteDecision, 'agent' | 'judge' | 'localOnlyBy' | 'without'>) {
  const [dataRule] = localOnlyBy ?? [];
  return [
    judge === undefined ? '' : unheard(judge),
    agent === undefined ? '' : ` Agent ${agent.name}.`,
    dataRule === undefined ? '' : ` Local only by ${dataRule}.`,
    without === undefined ? '' : ` Without ${without.join(' and ')}.`,
  ].join('');
}

/** Of a judge that was heard the cues tell. */
function unheard({ asked, outcome }: JudgeWord): string {
  const name = asked?.model ?? '';
  switch (outcome) {
    case 'answered':
      return '';
    case 'late':
      return ` ${name} was too late to judge.`;
    case 'unreadable':
      return ` ${name} judged nothing usable.`;
    case 'failed':
      return ` ${name} could not judge.`;
    case 'nobody-can':
      return ' Nobody can judge.';
    case 'too-dear':
      return ' Too little budget to have it judged.';
    default:
      return outcome satisfies never;
  }
}

function because(record: Omit<RouteDecision, 'reason' | 'tookUs'>): string {
  const { judge, profile, rule } = record;
  const cues = profile.cues.slice(0, 2).join(' and ');
  const task = profile.task.replace('_', ' ');
  // What a judge said is no more or less sure than the classifier was of it.
  const confidence = judge?.answer == null ? [profile.confidence.toFixed(2)] : [];
  const signs = [...confidence, ...(cues === '' ? [] : [cues])].join(', ');
  const seen = `${task} (${signs}), ${profile.complexity}`;
  switch (record.authority) {
    case 'message':
      return 'asked for with this message.';
    case 'pinned':
      return rule === 'preference' ? 'your standing choice.' : 'pinned by you.';
    case 'agent':
      return `preferred by the ${rule}.`;
    case 'user-rule':
    case 'system-rule':
      return rule === 'follow-up' ? 'goes on with the turn before.' : `${seen}. Rule ${rule}.`;
    case 'default':
      return `${seen}. Default chain.`;
    default:
      return record.authority satisfies never;
  }
}
