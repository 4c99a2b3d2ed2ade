import { type Exemplar, type ListedRule, ruleTarget, type Suggestion } from '@mosaic/proto';
import { RemoveButton } from '../../elements/remove-button.tsx';

interface RuleLineProps {
  readonly rule: ListedRule;
  readonly onRemove: (id: string) => void;
}

/** One rule: whom it asks, and whose it is. */
export function RuleLine({ rule, onRemove }: RuleLineProps) {
  const { description, enabled, id, name, priority, scope } = rule;
  return (
    <>
      <p>
        <span className="font-medium">{name}</span> → <code>{ruleTarget(rule)}</code>
      </p>
      {description !== '' && <p className="text-sm">{description}</p>}
      <div className="line-foot">
        <span>priority {priority}</span>
        <span>{scope === 'user' ? 'yours' : 'comes with Mosaic'}</span>
        {!enabled && <span className="badge">off</span>}
        {scope === 'user' && id !== undefined && (
          <span className="line-actions">
            <RemoveButton label={`Remove ${name}`} onRemove={() => onRemove(id)} />
          </span>
        )}
      </div>
    </>
  );
}

interface OfferLineProps {
  readonly suggestion: Suggestion;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

/** What could be learned; nothing of it holds before somebody says yes. */
export function OfferLine({ suggestion: { sentence }, onYes, onNo }: OfferLineProps) {
  return (
    <>
      <p>{sentence}</p>
      <div className="line-foot">
        <span className="line-actions">
          <button type="button" className="quiet-button" onClick={onYes}>
            Yes
          </button>
          <button type="button" className="quiet-button" onClick={onNo}>
            No
          </button>
        </span>
      </div>
    </>
  );
}

interface ExemplarLineProps {
  readonly exemplar: Exemplar;
  readonly onRemove: () => void;
}

/** A message that stands for a task. */
export function ExemplarLine({ exemplar, onRemove }: ExemplarLineProps) {
  const { scope, task, words } = exemplar;
  return (
    <>
      <p>
        What is like “{words}” is taken for <strong>{task.replaceAll('_', ' ')}</strong>.
      </p>
      <div className="line-foot">
        <span>{scope === 'user' ? 'yours' : 'of this installation'}</span>
        {scope === 'user' && (
          <span className="line-actions">
            <RemoveButton label={`Remove “${words}”`} onRemove={onRemove} />
          </span>
        )}
      </div>
    </>
  );
}
