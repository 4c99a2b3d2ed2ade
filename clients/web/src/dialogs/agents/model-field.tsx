import { formatModelRef } from '@mosaic/proto';
import { useCatalogue } from '../../composer/use-catalogue.ts';
import { fetchModels } from '../../rest/catalogue.ts';
import { fetchTiers } from '../../rest/rules.ts';

interface ModelFieldProps {
  readonly model: string;
  readonly onChange: (model: string) => void;
}

/** The model or tier that an agent prefers. */
export function ModelField({ model, onChange }: ModelFieldProps) {
  const { items } = useCatalogue(fetchModels);
  const { items: tiers } = useCatalogue(fetchTiers);
  const models = items.filter(({ capabilities }) => !capabilities.includes('embedding'));
  const chosen = models.find((card) => card.model === model);
  const value = chosen === undefined ? model : formatModelRef(chosen);
  const known = [...tiers.map(({ name }) => `tier/${name}`), ...models.map(formatModelRef)];
  return (
    <label>
      Model
      <select className="field" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">as the rules say</option>
        {value !== '' && !known.includes(value) && <option>{value}</option>}
        <optgroup label="Tiers">
          {tiers.map(({ name }) => (
            <option key={name}>{`tier/${name}`}</option>
          ))}
        </optgroup>
        <optgroup label="Models">
          {models.map((card) => (
            <option key={formatModelRef(card)} value={formatModelRef(card)}>
              {card.isAvailable ? card.name : `${card.name} (not available now)`} · {card.provider}
            </option>
          ))}
        </optgroup>
      </select>
    </label>
  );
}
