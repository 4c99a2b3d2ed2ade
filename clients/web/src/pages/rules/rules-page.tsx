import type { ListedRule } from '@mosaic/proto';
import { fetchRules } from '../../rest/rules.ts';
import { useReading } from '../use-reading.ts';
import { View } from '../view.tsx';

const targetOf = ({ then }: ListedRule): string =>
  then.model ?? (then.tier === undefined ? `agent/${then.agent ?? '?'}` : `tier/${then.tier}`);

/** The routing rules in the order in which they are asked, and what is doubtful about them. */
export function RulesPage() {
  const { value, problem } = useReading(fetchRules);
  return (
    <View problem={problem} isLoading={value === null}>
      <p className="text-dim">
        The first rule whose conditions all hold decides. <code>mosaic rules --help</code> tells how
        to change them, explain a choice, and try a change on your own past messages.
      </p>
      {value?.findings.map(({ level, rule, sentence }) => (
        <p key={`${rule} ${sentence}`} className={level === 'error' ? 'note note-bad' : 'note'}>
          {rule}: {sentence}
        </p>
      ))}
      <ol className="lines">
        {value?.rules.map((rule) => (
          <li key={`${rule.scope} ${rule.name}`}>
            <p>
              <span className="font-medium">{rule.name}</span> → <code>{targetOf(rule)}</code>
            </p>
            {rule.description !== '' && <p className="text-sm">{rule.description}</p>}
            <p className="line-foot">
              <span>priority {rule.priority}</span>
              <span>{rule.scope === 'user' ? 'yours' : 'comes with Mosaic'}</span>
              {!rule.enabled && <span className="badge">off</span>}
            </p>
          </li>
        ))}
      </ol>
    </View>
  );
}
