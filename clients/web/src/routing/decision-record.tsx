import {
  cacheInWords,
  formatDuration,
  formatMicros,
  formatModelRef,
  judgeInWords,
  type RouteDecision,
  surenessInWords,
} from '@mosaic/proto';
import type { ReactNode } from 'react';
import { formatUsd } from '../format/format-amounts.ts';

interface DecisionRecordProps {
  readonly decision: RouteDecision;
  /** The rule as the end of the turn tells it. */
  readonly rule: string;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const expected = (usd: number | null): string => (usd === null ? 'unknown' : formatUsd(usd));

/** The whole record of one choice, as it was stored with the answer. */
export function DecisionRecord({ decision, rule }: DecisionRecordProps) {
  const { profile, considered, skipped, alternatives } = decision;
  return (
    <dl className="facts">
      <Fact name="Task">
        {profile.task.replaceAll('_', ' ')}, {profile.complexity}, {profile.domain}, language{' '}
        {profile.language};{' '}
        {decision.judge?.answer == null
          ? `${Math.round(profile.confidence * 100)} % sure`
          : surenessInWords(decision)}
      </Fact>
      {decision.judge !== undefined && <Fact name="Judged">{judgeInWords(decision.judge)}</Fact>}
      {profile.cues.length > 0 && <Fact name="Cues">{profile.cues.join(' · ')}</Fact>}
      {profile.needs.length > 0 && <Fact name="Needs">{profile.needs.join(', ')}</Fact>}
      <Fact name="Decided by">
        {rule === '' ? decision.rule : rule} ({decision.authority.replace('-', ' ')})
      </Fact>
      {considered.length > 0 && (
        <Fact name="Rules looked at">
          <ol>
            {considered.map(({ rule: name, failed }) => (
              <li key={name}>
                {name} – {failed === null ? <strong>matched</strong> : `no: ${failed}`}
              </li>
            ))}
          </ol>
        </Fact>
      )}
      {skipped.length > 0 && (
        <Fact name="Passed over">
          <ul>
            {skipped.map((candidate) => (
              <li key={formatModelRef(candidate)}>
                {formatModelRef(candidate)} – {candidate.why}
              </li>
            ))}
          </ul>
        </Fact>
      )}
      {alternatives.length > 0 && (
        <Fact name="If it fails">{alternatives.map(formatModelRef).join(' → ')}</Fact>
      )}
      {decision.localOnlyBy !== undefined && (
        <Fact name="Local only by">{decision.localOnlyBy.join(', ')}</Fact>
      )}
      {decision.without !== undefined && (
        <Fact name="Does without">{decision.without.join(', ')}</Fact>
      )}
      <Fact name="Expected cost">{expected(decision.expectedCostUsd)}</Fact>
      {decision.nextBest !== undefined && (
        <Fact name="Next would cost">
          {expected(decision.nextBest.expectedCostUsd)} ({formatModelRef(decision.nextBest)})
        </Fact>
      )}
      {decision.cache !== undefined && (
        <Fact name="Prompt cache">{cacheInWords(decision.cache)}</Fact>
      )}
      {decision.expectedLatency != null && (
        <Fact name="Usually takes">{formatDuration(decision.expectedLatency.totalMs)}</Fact>
      )}
      <Fact name="Decision took">{formatMicros(decision.tookUs)}</Fact>
    </dl>
  );
}
