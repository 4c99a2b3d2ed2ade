/** A map that forgets what was asked for least recently once it holds `limit` entries. */
export interface RecentMap<Value> {
  /** The value, which counts as asked for. */
  get(key: string): Value | undefined;
  /** The value, which does not. */
  peek(key: string): Value | undefined;
  set(key: string, value: Value): void;
  delete(key: string): void;
  readonly size: number;
}

export function recentMap<Value>(limit: number): RecentMap<Value> {
  const entries = new Map<string, Value>();
  const set = (key: string, value: Value) => {
    entries.delete(key);
    entries.set(key, value);
    const [oldest] = entries.keys();
    if (entries.size > limit && oldest !== undefined) entries.delete(oldest);
  };
  return {
    get(key) {
      const value = entries.get(key);
      if (value !== undefined) set(key, value);
      return value;
    },
    peek: (key) => entries.get(key),
    set,
    delete: (key) => void entries.delete(key),
    get size() {
      return entries.size;
    },
  };
}
