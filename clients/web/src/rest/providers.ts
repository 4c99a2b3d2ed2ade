import {
  credentialsReply,
  type OwnCredentials,
  type ProviderName,
  type ProvidersReply,
  providersReply,
} from '@mosaic/proto';
import { anyReply, request } from './request.ts';

const path = (provider: ProviderName): string => `/api/providers/${provider}/credentials`;

/** The vendors as they are for the person who is signed in, with their own keys. */
export function fetchProviders(): Promise<ProvidersReply> {
  return request('/api/providers', { reply: providersReply });
}

export interface NewKey {
  readonly key: string;
  /** Null: the address that everybody here uses. */
  readonly baseUrl: string | null;
  readonly skipTest: boolean;
}

/** Keeps a key instead of earlier ones. Throws what the vendor said when it refuses the key. */
export async function saveKey(provider: ProviderName, body: NewKey): Promise<OwnCredentials> {
  return (await request(path(provider), { method: 'PUT', body, reply: credentialsReply }))
    .credentials;
}

/** Asks the vendor about the kept keys. */
export async function testKeys(provider: ProviderName): Promise<OwnCredentials> {
  const options = { method: 'POST', body: {}, reply: credentialsReply } as const;
  return (await request(`${path(provider)}/test`, options)).credentials;
}

export async function removeKeys(provider: ProviderName): Promise<void> {
  await request(path(provider), { method: 'DELETE', reply: anyReply });
}
