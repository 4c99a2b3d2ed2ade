import type { KeyTestOutcome } from '@mosaic/proto';

interface VendorCredentialTable {
  user_id: string;
  provider: string;
  position: number;
  base_url: string | null;
  master_key_id: string;
  nonce: Buffer;
  sealed: Buffer;
  hint: string | null;
  saved_at: Date;
  tested_at: Date | null;
  outcome: KeyTestOutcome;
  message: string | null;
}

/** The part of the schema `providers` that holds people's own keys. */
export interface CredentialTables {
  vendor_credential: VendorCredentialTable;
  credential_owner: { user_id: string };
}
