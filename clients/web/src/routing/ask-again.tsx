import { toOption } from '../composer/model-option.ts';
import { OptionPicker } from '../composer/option-picker.tsx';
import { useCatalogue } from '../composer/use-catalogue.ts';
import { fetchModels } from '../rest/catalogue.ts';

interface AskAgainProps {
  readonly onChoose: (model: string | null) => void;
}

const asBefore = {
  value: '',
  label: 'Ask once more',
  detail: 'as the conversation says',
  problem: null,
};

/** Sends the question again, to a model of one's choice; what is pinned stays. */
export function AskAgain({ onChoose }: AskAgainProps) {
  const { items, refresh } = useCatalogue(fetchModels);
  const models = items.filter(({ capabilities }) => !capabilities.includes('embedding'));
  return (
    <OptionPicker
      name="Model"
      label="Ask again"
      selected=""
      selectedLabel="ask again"
      options={[asBefore, ...models.map(toOption)]}
      onOpen={refresh}
      onSelect={(value) => onChoose(value === '' ? null : value)}
    />
  );
}
