import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { MosaicError } from '@mosaic/proto';

export interface HttpServer {
  readonly server: Server;
  readonly port: number;
  /** Takes no new connections and ends the open ones after a moment. */
  close(): Promise<void>;
}

const closeGraceMs = 1_000;

/** Listens. Throws bad_configuration with a sentence when the port can't be had. */
export async function listen(
  handler: RequestListener,
  at: { readonly host: string; readonly port: number },
): Promise<HttpServer> {
  const server = createServer(handler);
  server.listen(at.port, at.host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new MosaicError('bad_configuration', whyNot(cause, at), { cause });
  }
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : at.port;
  return {
    server,
    port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), closeGraceMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

function whyNot(cause: unknown, { host, port }: { host: string; port: number }): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
  const place = `${host}:${port}`;
  if (code === 'EADDRINUSE') {
    return `The port ${place} is taken by another program: end it, or set MOSAIC_PORT to another one.`;
  }
  if (code === 'EACCES') return `This user may not listen on ${place}: choose a port above 1023.`;
  return `The gateway can't listen on ${place} (${code}): correct MOSAIC_HOST or MOSAIC_PORT.`;
}
