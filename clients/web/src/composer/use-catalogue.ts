import { useCallback, useEffect, useState } from 'react';

interface Catalogue<Item> {
  readonly items: readonly Item[];
  readonly refresh: () => void;
}

/** A list from the gateway, read once and again on demand; a failed reading keeps the last one. */
export function useCatalogue<Item>(fetchItems: () => Promise<readonly Item[]>): Catalogue<Item> {
  const [items, setItems] = useState<readonly Item[]>([]);
  const refresh = useCallback((): void => {
    fetchItems().then(setItems, (error: unknown) => console.warn('no list', error));
  }, [fetchItems]);
  useEffect(refresh, [refresh]);
  return { items, refresh };
}
