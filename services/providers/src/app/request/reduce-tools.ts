import type { ToolChoice, ToolSpec, Turn } from '@mosaic/proto';
import { cleanRecord, withoutLoneSurrogates } from '../history/clean-text.ts';
import type { CompletionRequest, VendorCard, VendorRules } from '../vendor/vendor-port.ts';
import { startWarnings, type Warnings } from './start-warnings.ts';

export interface ToolOptions {
  readonly card: Pick<VendorCard, 'name' | 'capabilities' | 'quirks'>;
  readonly rules: Pick<VendorRules, 'needsToolsForCalls' | 'toolChoices' | 'parameters'>;
  /** The history as it will be sent. */
  readonly turns: readonly Turn[];
}

/** True when the model knows tools, or when nobody says that it does not. */
export function knowsTools({ capabilities }: Pick<VendorCard, 'capabilities'>): boolean {
  return capabilities.length === 0 || capabilities.includes('tools');
}

/** Reduces tools and the choice among them to what vendor and model take. */
export function reduceTools(
  asked: Pick<CompletionRequest, 'tools' | 'toolChoice' | 'parallelToolCalls'>,
  { card, rules, turns }: ToolOptions,
) {
  const warnings = startWarnings(card.name);
  const given = asked.tools.length > 0 ? asked.tools : undefined;
  const kept = warnings.keepIf(given, knowsTools(card), 'tools') ?? [];
  const tools = cleanTools(kept, (sentence) => warnings.say(sentence));
  if (tools.length === 0) {
    const used = rules.needsToolsForCalls && knowsTools(card) ? toolsOfCalls(turns) : [];
    const toolChoice: ToolChoice = used.length > 0 ? 'none' : 'auto';
    return { tools: used, toolChoice, parallelToolCalls: undefined, warnings: warnings.all };
  }
  // `true` is what every vendor does anyway.
  const parallel = asked.parallelToolCalls === false ? false : undefined;
  return {
    tools,
    toolChoice: reduceChoice(asked.toolChoice, { tools, card, rules, warnings }),
    parallelToolCalls: rules.parameters.takesParallelSwitch
      ? asked.parallelToolCalls
      : warnings.keepIf(parallel, false, 'limit of one tool call at a time'),
    warnings: warnings.all,
  };
}

interface ChoiceOptions extends Pick<ToolOptions, 'card' | 'rules'> {
  readonly tools: readonly ToolSpec[];
  readonly warnings: Warnings;
}

function reduceChoice(asked: ToolChoice, options: ChoiceOptions): ToolChoice {
  const { card, rules, tools, warnings } = options;
  if (asked === 'auto' || asked === 'none') return asked;
  if (rules.toolChoices === 'auto-or-none' || card.quirks?.includes('refuses-forced-calls')) {
    warnings.keepIf(asked, false, 'order to call a tool; it decides itself');
    return 'auto';
  }
  if (asked === 'required' || tools.some((tool) => tool.name === asked.name)) return asked;
  warnings.say(`There is no tool "${asked.name}" to call; the model decides itself.`);
  return 'auto';
}

/** Words that vendors refuse at the top of the arguments' schema, however valid they are. */
const combiners = ['anyOf', 'oneOf', 'allOf', 'not', 'enum'] as const;

function cleanTools(tools: readonly ToolSpec[], say: (sentence: string) => void): ToolSpec[] {
  const names = new Set<string>();
  return tools.flatMap((tool) => {
    if (names.has(tool.name)) {
      say(`There are two tools named "${tool.name}"; the first was taken.`);
      return [];
    }
    names.add(tool.name);
    const parameters = cleanRecord(tool.parameters);
    const refused = combiners.filter((word) => word in parameters);
    for (const word of refused) delete parameters[word];
    if (refused.length > 0) {
      say(`The arguments of "${tool.name}" were sent without ${refused.join(', ')} at the top.`);
    }
    // OpenAI refuses an object schema without `properties`.
    const schema = { ...parameters, type: 'object', properties: parameters['properties'] ?? {} };
    const description = withoutLoneSurrogates(tool.description);
    return [{ name: tool.name, description, parameters: schema }];
  });
}

/** The tools that a history has calls of, as bare names, for vendors that want them declared. */
function toolsOfCalls(turns: readonly Turn[]): ToolSpec[] {
  const calls = turns.flatMap((turn) =>
    turn.role === 'assistant' ? turn.content.filter((part) => part.type === 'tool-call') : [],
  );
  return [...new Set(calls.map((call) => call.name))].map((name) => ({
    name,
    description: 'Not available now.',
    parameters: { type: 'object', properties: {} },
  }));
}
