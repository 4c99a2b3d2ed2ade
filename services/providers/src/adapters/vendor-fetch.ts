import { makeFault, toError } from '../app/vendor/vendor-fault.ts';

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * How the SDKs make their requests: the platform's own `fetch`, which keeps connections, closes them on
 * abort and decodes what is compressed, but following no redirect. It would send the prompt on to
 * wherever that points, and the key too: on the way to another host it drops `authorization`, not
 * `x-api-key`. Other clients were measured and were not worth their risk (bench/README.md).
 */
export const vendorFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, { ...init, redirect: 'manual' });
  if (!redirects.has(response.status)) return response;
  await response.body?.cancel();
  const where = URL.parse(response.headers.get('location') ?? '', response.url)?.host;
  const message = `The provider redirects to ${where ?? 'another address'}, where nothing is sent: set its base URL.`;
  throw toError(makeFault('provider_unreachable', message));
};
