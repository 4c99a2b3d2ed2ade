import { describePrice, formatModelRef, type ModelCard } from '@mosaic/proto';
import type { Option } from './option.ts';

const notListed = 'not in its vendor’s list now';

/** A model as pickers and menus show it: its price, or why it can't be used now. */
export function toOption(card: ModelCard): Option {
  return {
    value: formatModelRef(card),
    label: card.name,
    detail: [
      card.provider,
      describePrice(card),
      ...(card.isListed === false ? [notListed] : []),
    ].join(' · '),
    problem: card.isAvailable
      ? null
      : `${card.provider} · ${card.unavailableReason ?? 'not available'}`,
  };
}
