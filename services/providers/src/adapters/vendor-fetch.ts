import { makeFault, toError } from '../app/vendor/vendor-fault.ts';

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * How the SDKs make their requests: the platform's own `fetch`, which keeps connections, closes them on
 * abort and decodes what is compressed, but following no redirect. It would send the prompt on to
 * wherever that points, and the key too: on the way to another host it drops `authorization`, not
 * `x-api-key`. Other clients were measured and were not worth their risk (bench/README.md).
 */
export const vendorFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, { ...init, ...connections(), redirect: 'manual' });
  if (!redirects.has(response.status)) return response;
  await response.body?.cancel();
  const where = URL.parse(response.headers.get('location') ?? '', response.url)?.host;
  const message = `The provider redirects to ${where ?? 'another address'}, where nothing is sent: set its base URL.`;
  throw toError(makeFault('provider_unreachable', message));
};

type Connections = Pick<RequestInit, 'dispatcher'>;
type Dispatcher = NonNullable<Connections['dispatcher']>;
type MakeDispatcher = new (options: { readonly keepAliveTimeout: number }) => Dispatcher;

/**
 * How long an idle connection is kept where the vendor does not say. The platform's 4 s are over before a
 * person has read an answer, and each message then began with a handshake. Load balancers that close
 * before one minute are rare; a close that crosses a request is a cut before the first part, and retried.
 */
const keepAliveMs = 50_000;
/** Where the platform keeps what its `fetch` connects with (undici's documented place for it). */
const platformKey = Symbol.for('undici.globalDispatcher.1');

let kept: Connections | undefined;

/** One of the platform's own kind, so that its proxy settings hold; nothing where it has none. */
function connections(): Connections {
  if (kept !== undefined) return kept;
  // The platform makes it with the first use of anything of fetch.
  void Response;
  const platform: unknown = Reflect.get(globalThis, platformKey);
  if (typeof platform !== 'object' || platform === null) return {};
  const Made = platform.constructor as MakeDispatcher;
  kept = { dispatcher: new Made({ keepAliveTimeout: keepAliveMs }) };
  return kept;
}
