import { MosaicError } from '@mosaic/proto';
import type { Connection } from './connect-server.ts';

/** One person at one server. */
export interface Whose {
  readonly userId: string;
  readonly server: string;
}

type Connect = (signal: AbortSignal) => Promise<Connection>;

export interface OwnConnections {
  /**
   * Does some work with the person's own connection to the server, which is made when there is none and
   * closed some time after its last use. When all places are taken, the one that was idle longest makes
   * room; throws `service_unavailable` when none is idle.
   */
  use<Result>(
    whose: Whose,
    connect: Connect,
    work: (connection: Connection) => Promise<Result>,
  ): Promise<Result>;
  /** Ends a connection that proved dead; the next use makes another. */
  drop(whose: Whose, dead: Connection): void;
  has(whose: Whose): boolean;
  /** How many there are now, with those that are being opened or closed. */
  count(): number;
  /** Ends all of a person. */
  endFor(userId: string): Promise<void>;
  /** Ends all, and makes none any more. */
  stop(): Promise<void>;
}

export interface OwnConnectionLimits {
  /** All people's connections to all servers together. */
  readonly most: number;
  readonly idleMs: number;
}

interface Place {
  readonly whose: Whose;
  readonly opening: Promise<Connection>;
  readonly giveUp: AbortController;
  opened?: Connection;
  uses: number;
  timer?: NodeJS.Timeout;
  /** Set while it is closed: until then its process still takes a place. */
  ending?: Promise<void>;
}

/** By person and server; the one that was used last stands last. */
type Places = Map<string, Place>;

/** Connections that nobody shares: a person's process of a server, or their session with it. */
export function keepOwnConnections({ idleMs, most }: OwnConnectionLimits): OwnConnections {
  const places: Places = new Map();
  let isStopped = false;

  const take = async (whose: Whose, connect: Connect): Promise<Place> => {
    for (;;) {
      if (isStopped) throw new MosaicError('service_unavailable', 'Mosaic is stopping.');
      const known = places.get(keyOf(whose));
      if (known?.ending !== undefined) await known.ending;
      else if (known === undefined && places.size >= most) await makeRoom(places, most);
      else {
        const place = known ?? addPlace(places, whose, connect);
        clearTimeout(place.timer);
        // In the same step: a place with a use is nobody's to close.
        place.uses += 1;
        return place;
      }
    }
  };

  const release = (place: Place): void => {
    place.uses -= 1;
    if (place.uses > 0 || place.ending !== undefined) return;
    places.delete(keyOf(place.whose));
    places.set(keyOf(place.whose), place);
    place.timer = setTimeout(() => void endPlace(places, place), idleMs).unref();
  };

  const endAll = async (which: (place: Place) => boolean): Promise<void> => {
    const those = [...places.values()].filter(which);
    await Promise.all(those.map((place) => endPlace(places, place)));
  };

  return {
    async use(whose, connect, work) {
      const place = await take(whose, connect);
      try {
        return await work(await place.opening);
      } finally {
        release(place);
      }
    },
    drop(whose, dead) {
      const place = places.get(keyOf(whose));
      if (place?.opened === dead) void endPlace(places, place);
    },
    has: (whose) => places.get(keyOf(whose))?.opened !== undefined,
    count: () => places.size,
    endFor: (userId) => endAll(({ whose }) => whose.userId === userId),
    async stop() {
      isStopped = true;
      await endAll(() => true);
    },
  };
}

function addPlace(places: Places, whose: Whose, connect: Connect): Place {
  const giveUp = new AbortController();
  const place: Place = { whose, opening: connect(giveUp.signal), giveUp, uses: 0 };
  places.set(keyOf(whose), place);
  place.opening.then(
    (connection) => {
      place.opened = connection;
      connection.client.onclose = () => void endPlace(places, place);
    },
    () => void endPlace(places, place),
  );
  return place;
}

function endPlace(places: Places, place: Place): Promise<void> {
  clearTimeout(place.timer);
  place.giveUp.abort();
  place.ending ??= place.opening
    .then(({ close }) => close())
    .catch(() => undefined)
    .finally(() => places.delete(keyOf(place.whose)));
  return place.ending;
}

/** Resolves when a place may be free. */
async function makeRoom(places: Places, most: number): Promise<void> {
  const all = [...places.values()];
  const isClosing = all.find(({ ending }) => ending !== undefined)?.ending;
  const idle = all.find(({ uses }) => uses === 0);
  if (isClosing !== undefined) await isClosing;
  else if (idle !== undefined) await endPlace(places, idle);
  else throw allTaken(most);
}

const keyOf = ({ server, userId }: Whose): string => `${server} ${userId}`;

function allTaken(most: number): MosaicError {
  return new MosaicError(
    'service_unavailable',
    `All ${most} connections to MCP servers are busy now (MOSAIC_MCP_CONNECTIONS). Try again in a moment.`,
  );
}
