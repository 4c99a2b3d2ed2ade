import { connect, createServer, type Socket } from 'node:net';

/** A way to the database on which connections break. */
export interface CuttingProxy {
  readonly url: string;
  /** Breaks one of the open connections, whatever it is doing. */
  cutOne(pick: number): void;
  stop(): Promise<void>;
}

export async function startCuttingProxy(databaseUrl: string): Promise<CuttingProxy> {
  const target = new URL(databaseUrl);
  const open = new Set<Socket>();
  // Without waiting to fill packets: with it each statement takes 40 ms, and 100,000 requests an hour.
  const server = createServer({ noDelay: true }, (client) => {
    const { hostname: host, port } = target;
    const upstream = connect({ host, port: Number(port), noDelay: true });
    const end = () => {
      open.delete(client);
      client.destroy();
      upstream.destroy();
    };
    open.add(client);
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(address.port);
  return {
    url: url.href,
    cutOne(pick) {
      const sockets = [...open];
      sockets[pick % Math.max(1, sockets.length)]?.resetAndDestroy();
    },
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
