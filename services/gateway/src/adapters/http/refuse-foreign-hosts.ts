import { MosaicError } from '@mosaic/proto';
import type { RequestHandler } from 'express';

const loopbackName = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * On a gateway for this machine alone, refuses requests that were sent to another name: a page whose
 * name was pointed at 127.0.0.1 (DNS rebinding) counts as our own page everywhere else.
 */
export function refuseForeignHosts(config: HostConfig): RequestHandler {
  const isForeign = foreignHosts(config);
  return (request, _response, next) => {
    if (!isForeign(request.headers.host)) return next();
    throw new MosaicError(
      'forbidden',
      'This Mosaic is for its own machine: set MOSAIC_PUBLIC_URL when it has another name too.',
    );
  };
}

export interface HostConfig {
  readonly host: string;
  readonly publicUrl?: string | undefined;
}

/** Tells which Host headers are not ours. */
export function foreignHosts(config: HostConfig): (host: string | undefined) => boolean {
  const isForThisMachine = loopbackName.test(config.host) || config.host === '::1';
  const publicName = config.publicUrl === undefined ? null : new URL(config.publicUrl).hostname;
  return (host) => {
    const name = nameIn(host);
    return isForThisMachine && name !== publicName && !loopbackName.test(name);
  };
}

/** The name in a Host header, without the port; HTTP/1.0 may leave it out. */
function nameIn(host: string | undefined): string {
  if (host === undefined) return 'localhost';
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '';
}
