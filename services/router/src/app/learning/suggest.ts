import type { Exemplar, Feedback, RoutingRule, Suggestion } from '@mosaic/proto';

/** What the suggestions are made of. */
export interface Lessons {
  /** Newest first. */
  readonly feedback: readonly Feedback[];
  readonly rules: readonly Pick<RoutingRule, 'name' | 'scope'>[];
  readonly exemplars: readonly Pick<Exemplar, 'words' | 'task'>[];
  /** Ids that were accepted or dismissed. */
  readonly answered: ReadonlySet<string>;
}

/** Once somebody is only curious what another model says; twice they want it. */
const enoughRetries = 2;
const enoughThumbs = 3;
const mostSuggestions = 20;

/**
 * What could be learned from a person's feedback: a wrong task becomes an exemplar, and where the
 * same kind of message was taken to another model again and again, a rule. Nothing is applied.
 */
export function suggest(lessons: Lessons): readonly Suggestion[] {
  const { answered, feedback } = lessons;
  const all = [
    ...feedback.flatMap((one) => exemplarFor(one, lessons)),
    ...rulesFor(feedback, lessons),
  ];
  return all.filter(({ id }) => !answered.has(id)).slice(0, mostSuggestions);
}

function exemplarFor(
  { id, kind, task, was, words }: Feedback,
  { exemplars }: Lessons,
): readonly Suggestion[] {
  // Who says that it was right asks for no change.
  if (kind !== 'task' || task === null || task === was.task || words.trim() === '') return [];
  if (exemplars.some((one) => one.words === words && one.task === task)) return [];
  const sentence = `Take messages like “${shortened(words)}” as ${inWords(task)}: this one was taken as ${inWords(was.task)}.`;
  return [
    { id: `exemplar-${id}`, kind: 'exemplar', sentence, exemplar: { words, task }, because: [id] },
  ];
}

/** Messages of one task and complexity that belong with one model. */
interface Group {
  readonly was: Feedback['was'];
  readonly model: string;
  readonly because: string[];
  readonly isRetried: boolean;
}

function rulesFor(feedback: readonly Feedback[], { rules }: Lessons): readonly Suggestion[] {
  const groups = [...retried(feedback), ...disliked(feedback)];
  const names = new Set(rules.filter(({ scope }) => scope === 'user').map(({ name }) => name));
  const seen = new Set<string>();
  return groups.flatMap((group) => {
    const rule = ruleFor(group);
    if (names.has(rule.name) || seen.has(rule.name)) return [];
    seen.add(rule.name);
    return [toSuggestion(group, rule)];
  });
}

function retried(feedback: readonly Feedback[]): readonly Group[] {
  const groups = groupBy(
    feedback.filter(
      ({ kind, model, was }) => kind === 'model' && model !== null && model !== was.model,
    ),
    ({ model, was }) => `${was.task} ${was.complexity} ${model}`,
  );
  return groups
    .filter((group) => group.length >= enoughRetries)
    .flatMap((group) => {
      const { model, was } = group[0] ?? {};
      if (was === undefined || model == null) return [];
      return [{ was, model, because: group.map(({ id }) => id), isRetried: true }];
    });
}

/** Thumbs down outweigh thumbs up by enough, and there was somebody else to ask. */
function disliked(feedback: readonly Feedback[]): readonly Group[] {
  const thumbs = feedback.filter(({ kind }) => kind === 'up' || kind === 'down');
  const groups = groupBy(thumbs, ({ was }) => `${was.task} ${was.complexity} ${was.model}`);
  return groups.flatMap((group) => {
    const down = group.filter(({ kind }) => kind === 'down');
    const [first] = down;
    const model = first?.was.next;
    if (first === undefined || model == null) return [];
    if (down.length - (group.length - down.length) < enoughThumbs) return [];
    return [{ was: first.was, model, because: down.map(({ id }) => id), isRetried: false }];
  });
}

function groupBy(
  feedback: readonly Feedback[],
  key: (one: Feedback) => string,
): readonly (readonly Feedback[])[] {
  return [...Map.groupBy(feedback, key).values()];
}

function ruleFor({ model, was }: Group): RoutingRule {
  const { complexity, task } = was;
  const name = `${complexity}-${task}-to-${model}`.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return {
    name: name.slice(0, 64).replace(/-$/, ''),
    description: 'Learned from your feedback.',
    scope: 'user',
    priority: 100,
    enabled: true,
    when: [
      { field: 'taskType', op: 'is', value: task },
      { field: 'complexity', op: 'is', value: complexity },
    ],
    then: { model, fallbacks: [was.model] },
  };
}

function toSuggestion({ because, isRetried, model, was }: Group, rule: RoutingRule): Suggestion {
  const what = `${was.complexity} ${inWords(was.task)}`;
  const why = isRetried
    ? `you asked it again ${because.length} times after ${was.model}`
    : `${because.length} answers of ${was.model} got a thumb down`;
  const sentence = `Send ${what} to ${model}: ${why}.`;
  return { id: `rule-${rule.name}`.slice(0, 64), kind: 'rule', sentence, rule, because };
}

const inWords = (task: string) => task.replaceAll('_', ' ');

function shortened(words: string): string {
  const line = words.replace(/\s+/g, ' ').trim();
  return line.length <= 60 ? line : `${line.slice(0, 59)}…`;
}
