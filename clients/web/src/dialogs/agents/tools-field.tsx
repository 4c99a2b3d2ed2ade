import { describeScope, type ToolGrant, toolPolicySchema } from '@mosaic/proto';
import { useCallback, useState } from 'react';
import { useCatalogue } from '../../composer/use-catalogue.ts';
import { fetchTools } from '../../rest/catalogue.ts';
import { policyOf, specialLines, withPolicy } from './agent-form-state.ts';

const policies = toolPolicySchema.options;

interface ToolsFieldProps {
  readonly grants: readonly ToolGrant[];
  readonly onChange: (grants: readonly ToolGrant[]) => void;
}

/** What an agent may do with each tool; a tool without a line it does not have. */
export function ToolsField({ grants, onChange }: ToolsFieldProps) {
  const fetchAll = useCallback(async () => (await fetchTools('assistant')).tools, []);
  const { items: tools } = useCatalogue(fetchAll);
  const special = specialLines(
    grants,
    tools.map(({ name }) => name),
  );
  return (
    <fieldset className="form-group">
      <legend>Tools</legend>
      {tools.map(({ name, summary }) => (
        <label key={name} className="tool-choice">
          <span>
            <code>{name}</code> <span className="text-dim">{summary}</span>
          </span>
          <select
            className="field"
            value={policyOf(grants, name) ?? ''}
            onChange={({ target }) => {
              const policy = policies.find((one) => one === target.value) ?? null;
              onChange(withPolicy(grants, name, policy));
            }}
          >
            <option value="">not granted</option>
            {policies.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
      ))}
      {special.map((grant) => (
        <p key={JSON.stringify(grant)} className="tool-choice">
          <span className="font-mono">{describeScope(grant.tool, grant.when)}</span>
          <span>{grant.policy}</span>
          <button
            type="button"
            className="quiet-button"
            aria-label={`Take out ${describeScope(grant.tool, grant.when)}`}
            onClick={() => onChange(grants.filter((one) => one !== grant))}
          >
            take out
          </button>
        </p>
      ))}
      <PatternLine onAdd={(tool, policy) => onChange(withPolicy(grants, tool, policy))} />
    </fieldset>
  );
}

interface PatternLineProps {
  readonly onAdd: (tool: string, policy: ToolGrant['policy']) => void;
}

/** For tools that are not in the list, and for many at once. */
function PatternLine({ onAdd }: PatternLineProps) {
  const [pattern, setPattern] = useState('');
  const isPattern = /^[A-Za-z0-9_.:*/-]{1,160}$/.test(pattern);
  return (
    <div className="tool-choice">
      <input
        className="field"
        aria-label="More tools, by a pattern"
        placeholder="mcp:github:*"
        value={pattern}
        onChange={(event) => setPattern(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.preventDefault();
        }}
      />
      {policies.map((policy) => (
        <button
          key={policy}
          type="button"
          className="quiet-button"
          disabled={!isPattern}
          onClick={() => {
            onAdd(pattern, policy);
            setPattern('');
          }}
        >
          {policy}
        </button>
      ))}
    </div>
  );
}
