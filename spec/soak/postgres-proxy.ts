/** A TCP way to the soak's PostgreSQL, which can be slow, closed, or cut. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface PostgresProxy {
  readonly port: number;
  /** Every piece on its way is held up for so long; 0: not at all. */
  slow(ms: number): void;
  /** New connections are refused, and old ones are cut. */
  refuse(on: boolean): void;
  /** All connections are reset, and new ones taken at once. */
  cut(): void;
  close(): Promise<void>;
}

export async function postgresProxy(unixSocket: string): Promise<PostgresProxy> {
  let delayMs = 0;
  let isRefusing = false;
  const open = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();

  function pipe(from: Socket, to: Socket): void {
    from.on('data', (chunk) => {
      if (delayMs === 0 && !from.isPaused()) return void to.write(chunk);
      // One piece at a time keeps the order.
      from.pause();
      const timer = setTimeout(() => {
        timers.delete(timer);
        to.write(chunk);
        from.resume();
      }, delayMs);
      timers.add(timer);
    });
    from.on('close', () => to.destroy());
    from.on('error', () => {});
  }

  const server = createServer((client) => {
    if (isRefusing) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(unixSocket);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
    }
    pipe(client, upstream);
    pipe(upstream, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    slow: (ms) => {
      delayMs = ms;
    },
    refuse: (on) => {
      isRefusing = on;
      if (on) cut();
    },
    cut,
    async close() {
      server.close();
      cut();
      for (const timer of timers) clearTimeout(timer);
      await once(server, 'close');
    },
  };
}
