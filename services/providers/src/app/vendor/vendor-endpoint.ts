/** Where a vendor is and how it knows us. */
export interface Endpoint {
  readonly apiKey: string;
  readonly baseUrl: string;
}
