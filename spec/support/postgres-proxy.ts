/**
 * A way between a daemon and its PostgreSQL that reads along and can be told to make trouble: it knows each statement on
 * its way up and each answer on its way down, can hold or drop either, be slow, refuse, and cut. Protocol 3.0 without TLS.
 */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientConfig } from 'pg';
import { answersIn, type Statement, statementsIn } from './postgres-wire.ts';

/** What becomes of the bytes in hand: `drop` loses them and both ends of their connection. */
export type Verdict = 'pass' | 'drop';
export type Watcher = (statement: Statement) => Verdict | Promise<Verdict>;

export interface PostgresProxy {
  readonly port: number;
  /** Asked before a statement goes up to the server; it waits for as long as the watcher takes. */
  readonly watchUp: (watcher: Watcher | undefined) => void;
  /** Asked before the answer to a statement goes down to the daemon: the server has done it. */
  readonly watchDown: (watcher: Watcher | undefined) => void;
  /** Every statement takes this much longer. */
  slowBy(ms: number): void;
  /** Nothing goes up any more, whatever is held goes on when it ends. */
  freeze(on: boolean): void;
  /** New connections are reset. */
  refuse(on: boolean): void;
  /** All connections are reset. */
  cut(): void;
  /** How many statements went up since the proxy was made. */
  count(): number;
  close(): Promise<void>;
}

export async function postgresProxy(target: Readonly<ClientConfig>): Promise<PostgresProxy> {
  const sockets = new Set<Socket>();
  let up: Watcher | undefined;
  let down: Watcher | undefined;
  let delayMs = 0;
  let isRefusing = false;
  let frozen: PromiseWithResolvers<void> | undefined;
  let counted = 0;
  let connections = 0;

  function join(daemon: Socket): void {
    if (isRefusing) {
      daemon.resetAndDestroy();
      return;
    }
    const server = connect(`${target.host}/.s.PGSQL.${target.port}`);
    connections += 1;
    const connection = connections;
    for (const socket of [daemon, server]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    // Answers come in the order of their questions.
    const asked: Statement[] = [];
    const onUp = async ({ bytes, statement }: { bytes: Buffer; statement: Statement | null }) => {
      if (statement !== null) {
        counted += 1;
        asked.push(statement);
        if (delayMs > 0) await sleep(delayMs);
        await frozen?.promise;
        if ((await up?.(statement)) === 'drop') return drop();
      }
      server.write(bytes);
    };
    const onDown = async ({ bytes, isAnswer }: { bytes: Buffer; isAnswer: boolean }) => {
      const statement = isAnswer ? asked.shift() : undefined;
      if (statement !== undefined && (await down?.(statement)) === 'drop') return drop();
      daemon.write(bytes);
    };
    const drop = (): void => {
      daemon.destroy();
      server.destroy();
    };
    inTurn(daemon, server, statementsIn(connection), onUp);
    inTurn(server, daemon, answersIn(), onDown);
  }

  const listener: Server = createServer(join).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    watchUp: (watcher) => {
      up = watcher;
    },
    watchDown: (watcher) => {
      down = watcher;
    },
    slowBy: (ms) => {
      delayMs = ms;
    },
    freeze: (on) => {
      frozen?.resolve();
      frozen = on ? Promise.withResolvers<void>() : undefined;
    },
    refuse: (on) => {
      isRefusing = on;
    },
    cut: () => {
      for (const socket of sockets) {
        // A socket of the file system knows no reset.
        if (socket.remoteAddress === undefined) socket.destroy();
        else socket.resetAndDestroy();
      }
    },
    count: () => counted,
    async close() {
      const closed = once(listener, 'close');
      listener.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Cuts what a socket brings into pieces and hands them on one after the other; then the other end closes too. */
function inTurn<Piece>(
  from: Socket,
  to: Socket,
  cut: (chunk: Buffer) => readonly Piece[],
  handOn: (piece: Piece) => Promise<void>,
): void {
  let turn = Promise.resolve();
  from.on('data', (chunk: Buffer) => {
    for (const piece of cut(chunk)) turn = turn.then(() => (to.destroyed ? undefined : handOn(piece)));
  });
  from.on('end', () => {
    turn = turn.then(() => void to.end());
  });
  from.on('close', (hadError) => {
    turn = turn.then(() => void (hadError ? to.destroy() : to.end()));
  });
}
