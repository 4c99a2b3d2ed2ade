import { domainSchema, efforts } from '@mosaic/proto';
import { type FormEvent, useState } from 'react';
import { FormFoot } from '../../elements/form-foot.tsx';
import type { AgentFormState } from './agent-form-state.ts';
import { ModelField } from './model-field.tsx';
import { ToolsField } from './tools-field.tsx';

interface AgentFormProps {
  /** What it begins with. */
  readonly initial: AgentFormState;
  readonly isNew: boolean;
  /** Why it was not saved; what was written stays. */
  readonly problem: string | null;
  readonly onSave: (form: AgentFormState) => void;
  readonly onCancel: () => void;
}

/** Everything that an agent is. */
export function AgentForm({ initial, isNew, problem, onSave, onCancel }: AgentFormProps) {
  const [form, setForm] = useState(initial);
  const change = (part: Partial<AgentFormState>): void => setForm({ ...form, ...part });
  const save = (event: FormEvent): void => {
    event.preventDefault();
    onSave(form);
  };
  return (
    <form className="agent-form" aria-label={isNew ? 'New agent' : form.name} onSubmit={save}>
      {isNew && (
        <label>
          Name
          <input
            className="field"
            required
            pattern="[a-z0-9][a-z0-9\-]{0,63}"
            title="small letters, digits and hyphens"
            placeholder="small letters, digits and hyphens"
            data-first
            value={form.name}
            onChange={(event) => change({ name: event.target.value })}
          />
        </label>
      )}
      <label>
        Description
        <input
          className="field"
          data-first={!isNew || undefined}
          maxLength={500}
          placeholder="what it is for, as lists show it"
          value={form.description}
          onChange={(event) => change({ description: event.target.value })}
        />
      </label>
      <label>
        Instructions
        <textarea
          className="field"
          rows={6}
          required
          maxLength={100_000}
          value={form.systemPrompt}
          onChange={(event) => change({ systemPrompt: event.target.value })}
        />
      </label>
      <ModelField model={form.model} onChange={(model) => change({ model })} />
      <ThinkingFields form={form} onChange={change} />
      <label className="check">
        <input
          type="checkbox"
          checked={form.memory}
          onChange={(event) => change({ memory: event.target.checked })}
        />
        It is shown what is remembered of you
      </label>
      <DomainsField form={form} onChange={change} />
      <ToolsField grants={form.tools} onChange={(tools) => change({ tools })} />
      <FormFoot problem={problem} save="Save" onCancel={onCancel} />
    </form>
  );
}

interface PartProps {
  readonly form: AgentFormState;
  readonly onChange: (part: Partial<AgentFormState>) => void;
}

function ThinkingFields({ form, onChange }: PartProps) {
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <label>
        Effort
        <select
          className="field"
          value={form.effort}
          onChange={({ target }) =>
            onChange({ effort: efforts.find((one) => one === target.value) ?? '' })
          }
        >
          <option value="">as you chose for everything</option>
          {efforts.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      <label>
        Temperature
        <input
          className="field"
          type="number"
          min={0}
          max={2}
          step="any"
          placeholder="as the model's maker says"
          value={form.temperature}
          onChange={(event) => onChange({ temperature: event.target.value })}
        />
      </label>
    </div>
  );
}

function DomainsField({ form, onChange }: PartProps) {
  const turn = (domain: AgentFormState['domains'][number], isOn: boolean): void => {
    const others = form.domains.filter((one) => one !== domain);
    onChange({ domains: isOn ? [...others, domain] : others });
  };
  return (
    <fieldset className="form-group">
      <legend>Good at</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {domainSchema.options.map((domain) => (
          <label key={domain} className="check">
            <input
              type="checkbox"
              checked={form.domains.includes(domain)}
              onChange={(event) => turn(domain, event.target.checked)}
            />
            {domain}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
