import { describeStorage } from '@mosaic/proto';
import { fetchStorage } from '../../rest/storage.ts';
import { useReading } from '../use-reading.ts';
import { View } from '../view.tsx';

/** How much is stored of the person who looks, how much of it is compressed, and what moves next. */
export function StoragePage() {
  const { value, problem } = useReading(fetchStorage);
  const lines = value === null ? [] : describeStorage(value);
  return (
    <View problem={problem} isLoading={value === null}>
      <p className="text-dim">
        Conversations that nobody opens for long are compressed. They are found, read and exported
        as before, and come back by themselves when you go on with them;{' '}
        <code>/storage restore</code> brings one back at once.
      </p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2">
        {lines.map(({ name, text }) => (
          <div key={`${name} ${text}`} className="contents">
            <dt className="text-dim">{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </View>
  );
}
