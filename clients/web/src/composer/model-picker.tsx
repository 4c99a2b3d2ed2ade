import { formatModelRef } from '@mosaic/proto';
import { fetchModels } from '../rest/catalogue.ts';
import { toOption } from './model-option.ts';
import type { Option } from './option.ts';
import { OptionPicker } from './option-picker.tsx';
import { useCatalogue } from './use-catalogue.ts';

interface ModelPickerProps {
  /** Pinned model, by id or `provider/model`; null while the router chooses. */
  readonly model: string | null;
  readonly onSelect: (model: string | null) => void;
}

const automatic: Option = {
  value: '',
  label: 'Auto',
  detail: 'the rules choose for each message',
  problem: null,
};

/** Pins a model for the conversation, or leaves the choice to the router. */
export function ModelPicker({ model, onSelect }: ModelPickerProps) {
  const { items, refresh } = useCatalogue(fetchModels);
  const models = items.filter(({ capabilities }) => !capabilities.includes('embedding'));
  const pinned = models.find((card) => card.model === model || formatModelRef(card) === model);
  const selected = pinned === undefined ? (model ?? '') : formatModelRef(pinned);
  return (
    <OptionPicker
      name="Model"
      selected={selected}
      selectedLabel={pinned?.name ?? model ?? automatic.label}
      options={[automatic, ...models.map(toOption)]}
      onOpen={refresh}
      onSelect={(value) => onSelect(value === '' ? null : value)}
    />
  );
}
