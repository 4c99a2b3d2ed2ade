import type { OwnCredentials } from '@mosaic/proto';
import { formatFullMoment, formatMoment } from '../format/format-time.ts';
import { describeKey } from './describe-provider.ts';

/** The kept keys of one vendor: four characters of each, and what the vendor said. */
export function OwnKeys({ own }: { own: OwnCredentials }) {
  return (
    <ul className="own-keys">
      {own.keys.map((key) => {
        const { name, result, trouble } = describeKey(key);
        const at = key.testedAt ?? key.savedAt;
        return (
          <li key={`${key.hint} ${key.savedAt}`}>
            <span className="font-mono">{name}</span>
            <span className="own-key-result" data-outcome={trouble === null ? 'good' : 'bad'}>
              {result}
            </span>
            <time dateTime={at} title={formatFullMoment(at)}>
              {key.testedAt === null ? 'kept' : 'tested'} {formatMoment(at)}
            </time>
            {trouble !== null && <p className="note note-bad">{trouble}</p>}
          </li>
        );
      })}
      {own.baseUrl !== null && <li className="text-dim">at {own.baseUrl}</li>}
    </ul>
  );
}
