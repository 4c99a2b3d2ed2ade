import { toMosaicError } from '@mosaic/proto';
import { useState } from 'react';
import { answerSuggestion } from '../../rest/feedback.ts';
import { fetchRouting, removeLearned } from '../../rest/rules.ts';
import { useReading } from '../use-reading.ts';
import { View } from '../view.tsx';
import { ExemplarLine, OfferLine, RuleLine } from './rule-lines.tsx';

/** What was learned and is offered, and the rules in the order in which they are asked. */
export function RulesPage() {
  const { value, problem, refresh } = useReading(fetchRouting);
  const [failure, setFailure] = useState<string | null>(null);
  const [done, setDone] = useState('');
  const attempt = (work: Promise<void>, sentence: string): void => {
    setFailure(null);
    setDone('');
    work.then(
      () => {
        setDone(sentence);
        refresh();
      },
      (error: unknown) => setFailure(toMosaicError(error).message),
    );
  };
  const { suggestions = [], exemplars = [], findings = [], rules = [] } = value ?? {};
  return (
    <View problem={failure ?? problem} isLoading={value === null}>
      <p role="status" className={done === '' ? 'sr-only' : 'note'}>
        {done}
      </p>
      {suggestions.length > 0 && (
        <Section title="Offered to you">
          {suggestions.map((suggestion) => (
            <li key={suggestion.id}>
              <OfferLine
                suggestion={suggestion}
                onYes={() =>
                  attempt(answerSuggestion(suggestion.id, 'accept'), 'From now on, for you.')
                }
                onNo={() =>
                  attempt(answerSuggestion(suggestion.id, 'dismiss'), 'It is not offered again.')
                }
              />
            </li>
          ))}
        </Section>
      )}
      {exemplars.length > 0 && (
        <Section title="Learned from messages">
          {exemplars.map((exemplar) => (
            <li key={exemplar.id}>
              <ExemplarLine
                exemplar={exemplar}
                onRemove={() => attempt(removeLearned('exemplars', exemplar.id), 'Removed.')}
              />
            </li>
          ))}
        </Section>
      )}
      <p className="text-dim">
        The first rule whose conditions all hold decides. <code>mosaic rules --help</code> tells how
        to change them, explain a choice, and try a change on your own past messages.
      </p>
      {findings.map(({ level, rule, sentence }) => (
        <p key={`${rule} ${sentence}`} className={level === 'error' ? 'note note-bad' : 'note'}>
          {rule}: {sentence}
        </p>
      ))}
      <ol className="lines" aria-label="Rules">
        {rules.map((rule) => (
          <li key={`${rule.scope} ${rule.name}`}>
            <RuleLine
              rule={rule}
              onRemove={(id) => attempt(removeLearned('rules', id), `Removed: ${rule.name}.`)}
            />
          </li>
        ))}
      </ol>
    </View>
  );
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <ul className="lines">{children}</ul>
    </section>
  );
}
