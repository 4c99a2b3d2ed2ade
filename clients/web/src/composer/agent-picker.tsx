import type { Agent } from '@mosaic/proto';
import { fetchAgents } from '../rest/catalogue.ts';
import type { Option } from './option.ts';
import { OptionPicker } from './option-picker.tsx';
import { useCatalogue } from './use-catalogue.ts';

interface AgentPickerProps {
  readonly agent: string;
  readonly onSelect: (agent: string) => void;
}

function toOption({ name, description }: Agent): Option {
  return { value: name, label: name, detail: description, problem: null };
}

/** Switches the agent of the conversation: its prompt, tools and preferred model. */
export function AgentPicker({ agent, onSelect }: AgentPickerProps) {
  const { items, refresh } = useCatalogue(fetchAgents);
  return (
    <OptionPicker
      name="Agent"
      selected={agent}
      selectedLabel={agent}
      options={items.map(toOption)}
      onOpen={refresh}
      onSelect={onSelect}
    />
  );
}
