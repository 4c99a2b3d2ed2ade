/** Where a vendor is and how it knows us. */
export interface Endpoint {
  readonly apiKey: string;
  readonly baseUrl: string;
  /** How requests are made; the platform's own way when absent. */
  readonly fetch?: typeof globalThis.fetch;
}
