/** Variables that would make a test depend on the machine it runs on. */
const foreign = /^(?:MOSAIC_|ANTHROPIC_|OPENAI_|OPENROUTER_|ZAI_|OLLAMA_|NATS_|REDIS_|DATABASE_)/;

/** The environment of this process for a program that a test starts, plus what the test adds. */
export function environmentForChild(
  added: Readonly<Record<string, string>>,
): Record<string, string> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || foreign.test(name) ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(inherited), ...added };
}
