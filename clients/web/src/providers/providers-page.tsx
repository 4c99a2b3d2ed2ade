import { useReading } from '../pages/use-reading.ts';
import { View } from '../pages/view.tsx';
import { fetchProviders } from '../rest/providers.ts';
import { ProviderCard } from './provider-card.tsx';

/** The vendors, and keys of one's own for them. */
export function ProvidersPage() {
  const { value, problem, refresh } = useReading(fetchProviders);
  return (
    <View problem={problem ?? value?.problem ?? null} isLoading={value === null}>
      <p className="text-dim">
        A key of your own is used for your messages alone, before the one of this Mosaic. It is kept
        encrypted, and nobody can read it here again, not even you.
      </p>
      {value?.providers.map((provider) => (
        <ProviderCard
          key={provider.name}
          provider={provider}
          canKeep={value.problem === null}
          onChange={refresh}
        />
      ))}
    </View>
  );
}
