import { createServer } from 'node:net';

const LOOPBACK = '127.0.0.1';
const NEIGHBOURS_TRIED = 20;

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : undefined;
      server.close(() => resolve(bound));
    });
  });
}

/**
 * Asks the kernel for a free loopback port. It is free again when this returns, so another
 * process may take it: callers that start a server on it try once more when that happens.
 */
export async function reservePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new Error('The system has no free port on 127.0.0.1.');
  return port;
}

/** Whether a server could listen on this loopback port at this moment. */
export async function portIsFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined;
}

/** The preferred port, else one of the twenty above it (easy to guess), else any free one. */
export async function chooseFreePort(preferred: number): Promise<number> {
  const last = Math.min(preferred + NEIGHBOURS_TRIED, 65_535);
  for (let port = preferred; port <= last; port += 1) {
    if (await portIsFree(port)) return port;
  }
  return reservePort();
}
