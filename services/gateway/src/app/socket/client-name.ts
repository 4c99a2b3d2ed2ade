/** Where somebody came in, from the name a client gives itself: `tui/0.1.0` came in by `tui`. */
export function viaOf(client: string): string {
  const name = /^[a-z0-9-]{1,30}/.exec(client.toLowerCase())?.[0];
  return name ?? 'socket';
}
