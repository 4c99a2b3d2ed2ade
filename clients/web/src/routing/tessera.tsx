/** The vendor's stone: one colour each, so that a conversation shows at a glance who answered. */
export function Tessera({ provider }: { provider: string }) {
  return <span className="tessera" data-provider={provider} aria-hidden="true" />;
}
