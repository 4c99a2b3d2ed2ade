import type { ChannelCapabilities } from '@mosaic/proto';
import type { ColumnType, Generated } from 'kysely';

type Instant = ColumnType<Date, Date | undefined, Date>;

interface UserTable {
  id: string;
  name: string;
  email: string;
  emailVerified: Generated<boolean>;
  createdAt: Instant;
  updatedAt: Instant;
  role: Generated<string>;
  banned: Generated<boolean>;
  banExpires: ColumnType<Date | null, Date | null | undefined, Date | null>;
}

interface ApiKeyTable {
  id: string;
  user_id: string;
  name: string;
  scopes: ColumnType<string[], string, string>;
  key_hash: string;
  key_hint: string;
  created_at: Instant;
  expires_at: ColumnType<Date | null, Date | null, never>;
}

interface ChannelTable {
  id: string;
  kind: string;
  owner_user_id: string;
  capabilities: ColumnType<ChannelCapabilities | null, string | undefined, string>;
  created_at: Instant;
}

interface ChannelRoomTable {
  channel_id: string;
  room: string;
  thread: string;
  user_id: string;
  conversation_id: string;
  created_at: Instant;
}

/** Schema `auth`, as far as the gateway's own queries go; better-auth brings the rest. */
export interface AuthTables {
  user: UserTable;
  local_owner: { is_only: Generated<boolean>; user_id: string };
  api_key: ApiKeyTable;
  channel: ChannelTable;
  channel_handle: { channel_id: string; handle: string; user_id: string };
  channel_room: ChannelRoomTable;
}
