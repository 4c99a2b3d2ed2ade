/** Collects what was left out or changed, as sentences for people. */
export function startWarnings(name: string) {
  const warnings: string[] = [];
  return {
    all: warnings as readonly string[],
    say: (sentence: string) => warnings.push(sentence),
    /** Keeps a value that is accepted; else says that it was left out. */
    keepIf<Value>(value: Value | undefined, isAccepted: boolean, what: string): Value | undefined {
      if (value !== undefined && !isAccepted) warnings.push(`${name} takes no ${what}.`);
      return isAccepted ? value : undefined;
    },
  };
}

export type Warnings = ReturnType<typeof startWarnings>;
