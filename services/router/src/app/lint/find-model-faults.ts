import {
  type ModelCard,
  type Need,
  nearestName,
  type RoutingRule,
  type RuleFinding,
} from '@mosaic/proto';
import { expandName, type NameBook } from '../choice/expand-name.ts';
import { choosesAgent } from '../choice/walk-rules.ts';
import { findModel, longContextTokens, promptShare } from '../model-catalogue.ts';
import { namesIn } from './find-reference-faults.ts';
import { waysOf } from './normal-form.ts';

/** Vendors whose lists grow by themselves: what they don't offer now they may offer tomorrow. */
const openVendors = /^(?:openrouter|ollama)\//;

/** Models that are not there or can't do what the rule is for, and rules that hang on one vendor. */
export function findModelFaults(
  rules: readonly RoutingRule[],
  book: NameBook,
  cards: readonly ModelCard[],
): readonly RuleFinding[] {
  if (cards.length === 0) return [];
  return rules.flatMap((rule) => {
    const names = modelsOf(rule, book);
    const known = names.flatMap((name) => findModel(cards, name) ?? []);
    return [
      ...names.flatMap((name) => unknownModel(rule.name, name, cards)),
      ...incapable(rule, known),
      ...oneVendor(rule, known),
    ];
  });
}

function modelsOf(rule: RoutingRule, book: NameBook): readonly string[] {
  const expanded = namesIn(rule).flatMap((name) => expandName(name, book));
  const models = expanded.filter(({ problem }) => problem === null).map(({ name }) => name);
  return [...new Set(models)].filter((name) => name !== 'auto');
}

/** Refused when it looks like a slip of the hand; else a model that may still come is let through. */
export function unknownModel(
  rule: string,
  name: string,
  cards: readonly ModelCard[],
): readonly RuleFinding[] {
  if (findModel(cards, name) !== undefined) return [];
  const [, vendor, wanted = name] =
    /^(anthropic|openai|openrouter|zai|ollama)\/(.+)$/.exec(name) ?? [];
  const offered = cards.filter((card) => vendor === undefined || card.provider === vendor);
  const near = nearestName(
    wanted,
    offered.map((card) => card.model),
  );
  const isSlip = near !== undefined && !openVendors.test(name);
  const hint =
    near === undefined
      ? ''
      : ` Did you mean "${vendor === undefined ? near : `${vendor}/${near}`}"?`;
  return [
    {
      level: isSlip ? 'error' : 'warning',
      code: 'unknown-model',
      rule,
      sentence: `"${rule}" names the model "${name}", which no provider offers.${hint}`,
    },
  ];
}

function incapable(rule: RoutingRule, cards: readonly ModelCard[]): readonly RuleFinding[] {
  const { needs, promptTokens } = demandsOf(rule);
  const found = cards.flatMap((card) => {
    const lacking = needs.filter((need) => !canDo(card, need));
    const limit = (card.contextTokens ?? Number.POSITIVE_INFINITY) * promptShare;
    const what = promptTokens > limit ? [...lacking, `prompts of ${promptTokens} tokens`] : lacking;
    return what.length === 0 ? [] : [{ card, what: what.join(', ') }];
  });
  const isHopeless = found.length > 0 && found.length === cards.length;
  return found.map(({ card, what }) => ({
    level: isHopeless ? 'error' : 'warning',
    code: 'lacks-capability',
    rule: rule.name,
    sentence: `"${rule.name}" is about ${what}, which ${card.name} can't do${isHopeless ? ', nor can any other model it names' : ''}.`,
  }));
}

/** What every message has to which the rule applies. */
function demandsOf(rule: RoutingRule): { needs: readonly Need[]; promptTokens: number } {
  const ways = waysOf(rule.when) ?? [];
  const sets = ways.map((way) => way.get('needs'));
  const [first, ...others] = sets.map((one) => (one?.kind === 'set' ? one.has : new Set<string>()));
  const shared = others.reduce((left, right) => left.intersection(right), first ?? new Set());
  const tokens = ways.map((way) => way.get('promptTokens'));
  const smallest = tokens.map((one) => (one?.kind === 'numbers' ? one.min : 0));
  return {
    needs: [...shared] as Need[],
    promptTokens: smallest.length === 0 ? 0 : Math.min(...smallest),
  };
}

function canDo(card: ModelCard, need: Need): boolean {
  if (need === 'long-context')
    return (card.contextTokens ?? longContextTokens) >= longContextTokens;
  return card.capabilities.includes(need);
}

function oneVendor(rule: RoutingRule, cards: readonly ModelCard[]): readonly RuleFinding[] {
  const [vendor, ...others] = new Set(cards.map((card) => card.provider));
  if (vendor === undefined || others.length > 0) return [];
  if (!rule.enabled || choosesAgent(rule)) return [];
  const sentence = `When ${vendor} is down "${rule.name}" has no way out but the default chain: add a fallback at another vendor.`;
  return [{ level: 'warning', code: 'one-vendor', rule: rule.name, sentence }];
}
