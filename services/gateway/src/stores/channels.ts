import { type ChannelCapabilities, MosaicError } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import { type Person, roleOf } from '../app/person.ts';
import type { AuthTables } from './tables.ts';

export interface Channel {
  readonly id: string;
  readonly kind: string;
  readonly ownerUserId: string;
  readonly createdAt: string;
}

/** Somebody on whose behalf a bridge's message is taken. */
export type ChannelPerson = Pick<Person, 'userId' | 'role'>;

/** A place of a bridge; `thread` is empty where there is none. */
export interface Room {
  readonly channelId: string;
  readonly room: string;
  readonly thread: string;
}

export interface ChannelStore {
  list(): Promise<readonly Channel[]>;
  /** Keeps a channel. The same again does nothing; throws conflict when it is somebody else's. */
  add(channel: Omit<Channel, 'createdAt'>): Promise<Channel>;
  /** Who acts behind a handle: the user it belongs to, else the channel's owner. */
  personBehind(channelId: string, handle: string): Promise<ChannelPerson | undefined>;
  /** The conversation of a place for one person; `wanted` becomes it when there is none yet. */
  conversationOf(room: Room, userId: string, wanted: string): Promise<string>;
  /** Gives a place another conversation: the one it had was deleted. */
  renewConversation(gone: string, wanted: string): Promise<void>;
  /** The place that a conversation is shown in, if it is one of a bridge, and what that bridge can do. */
  roomOf(owned: {
    readonly userId: string;
    readonly conversationId: string;
  }): Promise<(Room & { readonly capabilities: ChannelCapabilities | null }) | undefined>;
  /** Keeps what a bridge can do. Throws not_found when the channel is not registered. */
  noteCapabilities(channelId: string, capabilities: ChannelCapabilities): Promise<void>;
}

/** Bridges, their handles and rooms. */
export function openChannels(db: Database<AuthTables>): ChannelStore {
  return {
    list: async () => {
      const query = db.asService((tx) =>
        tx.selectFrom('channel').selectAll().orderBy('created_at').execute(),
      );
      return (await query).map(toChannel);
    },
    add: (channel) => add(db, channel),
    personBehind: (channelId, handle) => personBehind(db, channelId, handle),
    conversationOf: (room, userId, wanted) => conversationOf(db, { ...room, userId, wanted }),
    async renewConversation(gone, wanted) {
      await db.asService((tx) =>
        tx
          .updateTable('channel_room')
          .set({ conversation_id: wanted })
          .where('conversation_id', '=', gone)
          .execute(),
      );
    },
    roomOf: ({ conversationId, userId }) =>
      db.asService((tx) =>
        tx
          .selectFrom('channel_room')
          .innerJoin('channel', 'channel.id', 'channel_room.channel_id')
          .select(['channel_id as channelId', 'room', 'thread', 'capabilities'])
          .where('conversation_id', '=', conversationId)
          .where('user_id', '=', userId)
          .executeTakeFirst(),
      ),
    async noteCapabilities(channelId, capabilities) {
      const updated = await db.asService((tx) =>
        tx
          .updateTable('channel')
          .set({ capabilities: JSON.stringify(capabilities) })
          .where('id', '=', channelId)
          .executeTakeFirst(),
      );
      if (updated.numUpdatedRows !== 1n) {
        throw new MosaicError('not_found', 'This channel is not registered.');
      }
    },
  };
}

function toChannel(row: { id: string; kind: string; owner_user_id: string; created_at: Date }) {
  const { created_at: at, id, kind, owner_user_id: ownerUserId } = row;
  return { id, kind, ownerUserId, createdAt: at.toISOString() };
}

async function add(
  db: Database<AuthTables>,
  { id, kind, ownerUserId }: Omit<Channel, 'createdAt'>,
): Promise<Channel> {
  const row = await db.asService(async (tx) => {
    await tx
      .insertInto('channel')
      .values({ id, kind, owner_user_id: ownerUserId })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
    return tx.selectFrom('channel').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  });
  if (row.owner_user_id === ownerUserId) return toChannel(row);
  throw new MosaicError('conflict', 'This channel belongs to somebody else already.');
}

async function personBehind(
  db: Database<AuthTables>,
  channelId: string,
  handle: string,
): Promise<ChannelPerson | undefined> {
  const row = await db.asService((tx) =>
    tx
      .selectFrom('channel')
      .leftJoin('channel_handle', (join) =>
        join
          .onRef('channel_handle.channel_id', '=', 'channel.id')
          .on('channel_handle.handle', '=', handle),
      )
      .innerJoin('user', (join) =>
        join.on((on) =>
          on('user.id', '=', on.fn.coalesce('channel_handle.user_id', 'channel.owner_user_id')),
        ),
      )
      .select(['user.id as userId', 'user.role'])
      .where('channel.id', '=', channelId)
      .executeTakeFirst(),
  );
  return row === undefined ? undefined : { userId: row.userId, role: roleOf(row.role) };
}

function conversationOf(
  db: Database<AuthTables>,
  at: Room & { readonly userId: string; readonly wanted: string },
): Promise<string> {
  const { channelId, room, thread, userId, wanted } = at;
  return db.asService(async (tx) => {
    await tx
      .insertInto('channel_room')
      .values({ channel_id: channelId, room, thread, user_id: userId, conversation_id: wanted })
      .onConflict((conflict) =>
        conflict.columns(['channel_id', 'room', 'thread', 'user_id']).doNothing(),
      )
      .execute();
    const row = await tx
      .selectFrom('channel_room')
      .select('conversation_id')
      .where('channel_id', '=', channelId)
      .where('room', '=', room)
      .where('thread', '=', thread)
      .where('user_id', '=', userId)
      .executeTakeFirstOrThrow();
    return row.conversation_id;
  });
}
