/** One key of one vendor, as calls use it. */
export interface VendorKey {
  /** The first 16 hex digits of SHA-256 over vendor and secret: tells keys apart, gives none away. */
  readonly id: string;
  readonly secret: string;
  /** The address that this key belongs to; null for the installation's. */
  readonly baseUrl: string | null;
  readonly owner: 'installation' | 'user';
}
