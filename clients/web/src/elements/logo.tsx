/** The sign of Mosaic: five stones, one picture. */
export function Logo() {
  return (
    <svg className="size-6" viewBox="0 0 24 24" aria-hidden="true">
      <path className="fill-accent" d="M2 2h9v9H2z" />
      <path className="fill-anthropic" d="M13 2h9v5h-9z" />
      <path className="fill-openrouter" d="M13 9h9v13h-5V13h-4z" />
      <path className="fill-gold" d="M2 13h9v4H2z" />
      <path className="fill-zai" d="M2 19h13v3H2z" />
    </svg>
  );
}
