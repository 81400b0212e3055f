/** The page's server: on the loopback, for this machine's own browser. It carries; what is done is done by the stage. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isJson } from '../wire.ts';
import { readJson } from './body.ts';
import { doDeed } from './deeds.ts';
import { explain } from './explain.ts';
import { Feed } from './feed.ts';
import { admit, HEADERS } from './guard.ts';
import { bundlePage } from './page-bundle.ts';
import { createPanel } from './panel.ts';
import { readDoing, readStageWish, readTimeWish, readTroubleWish } from './read-wishes.ts';
import { Refusal } from './refusal.ts';
import { type Stage, WishError } from './stage.ts';
import { stateOf } from './state.ts';
import type { Refused, StageKind, StageWish, State } from './wire.ts';

const HOST = '127.0.0.1';

export interface FaceOptions {
  /** The show that is on now. */
  readonly stage: () => Stage;
  /** Ends the show and begins another one, or the same anew; rejects with a `WishError` that says why not. */
  readonly restage: (kind: StageWish['kind']) => Promise<void>;
  /** A free one when absent. */
  readonly port?: number;
  /** The page's first file; the workspace's own when absent. */
  readonly entry?: string;
}

export interface Face {
  readonly url: string;
  close(): Promise<void>;
}

interface Reply {
  readonly type: string;
  readonly text: string;
}

/** Rejects when the page cannot be made or the port is taken. */
export async function startFace(options: FaceOptions): Promise<Face> {
  const page = await bundlePage(options.entry);
  const feed = new Feed();
  const panelOf = createPanel();
  const watch = {
    stage: undefined as Stage | undefined,
    // A page that outlives the process must not take the next one's first show for the one it knows.
    show: Date.now(),
    skippedFrom: null as number | null,
    stop: () => {},
  };
  let isChanging = false;
  let port = options.port ?? 0;

  /** The stage that is on; its changes are told of, also after another one has begun. */
  function current(): Stage {
    const stage = options.stage();
    if (stage !== watch.stage) {
      watch.stop();
      const stops = [stage.slack.world.watch(feed.changed), stage.watch(feed.changed)];
      watch.stage = stage;
      watch.show += 1;
      watch.skippedFrom = null;
      watch.stop = () => {
        for (const stop of stops) stop();
      };
      feed.changed();
    }
    return stage;
  }

  async function restage(kind: StageWish['kind']): Promise<void> {
    if (isChanging) throw new Refusal(409, 'another show is being set up already');
    isChanging = true;
    try {
      await options.restage(kind);
    } finally {
      isChanging = false;
      current();
    }
  }

  const gets: Routes = {
    '/': () => ({ type: 'text/html', text: page.html }),
    '/icon.svg': () => ({ type: 'image/svg+xml', text: page.icon }),
    '/page.js': () => ({ type: 'text/javascript', text: page.js }),
    '/page.css': () => ({ type: 'text/css', text: page.css }),
    '/state': (_, query) => {
      const seen = stateOf(current(), Object.fromEntries(query));
      const { show, skippedFrom } = watch;
      const state: State = { ...seen, show, skippedFrom };
      return json(state);
    },
    '/panel': async () => json(await panelOf(current())),
    '/explain': async (_, query) => json(await explain(current(), query.get('number') ?? '')),
  };
  const posts: Routes = {
    '/do': async (request) => {
      const doing = readDoing(await readJson(request));
      const stage = current();
      if (stage.seen().kind === 'export') throw new Refusal(409, 'an export can be read, not written to');
      return json(await doDeed(stage, doing));
    },
    '/time': async (request) => {
      const wish = readTimeWish(await readJson(request));
      const stage = only('time', current());
      const { now } = stage.seen();
      await stage.time(wish);
      if ('skip' in wish || 'skipTo' in wish) watch.skippedFrom = now;
      return json({});
    },
    '/trouble': async (request) => {
      const wish = readTroubleWish(await readJson(request));
      await only('faults', current()).trouble(wish);
      return json({});
    },
    '/stage': async (request) => {
      await restage(readStageWish(await readJson(request)).kind);
      return json({});
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<Reply | null> {
    const [path = '', query] = (request.url ?? '').split('?', 2);
    admit(request, path, port);
    const isPost = request.method === 'POST';
    if (!isPost && request.method !== 'GET') throw new Refusal(405, 'only GET and POST');
    if (path === '/events' && !isPost) {
      current();
      feed.open(response);
      return null;
    }
    const routes = isPost ? posts : gets;
    const route = routes[path];
    if (route === undefined) throw new Refusal(404, `there is nothing at ${request.method} ${path}`);
    return route(request, new URLSearchParams(query));
  }

  const server = createServer((request, response) => {
    void answer(request, response)
      .then((reply) => reply && send(response, 200, reply))
      .catch((error: unknown) => send(response, statusOf(error), json(refusedBy(error))));
  });
  port = await listen(server, port).catch((error: unknown) => {
    feed.close();
    throw error;
  });
  current();
  return {
    url: `http://${HOST}:${port}/`,
    async close() {
      watch.stop();
      feed.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

type Routes = Readonly<
  Record<string, (request: IncomingMessage, query: URLSearchParams) => Reply | Promise<Reply>>
>;

function json(value: object): Reply {
  return { type: 'application/json', text: JSON.stringify(value) };
}

function only(kind: StageKind, stage: Stage): Stage {
  if (stage.seen().kind !== kind) throw new Refusal(409, `that can be done in the show “${kind}” only`);
  return stage;
}

function statusOf(error: unknown): number {
  if (error instanceof Refusal) return error.status;
  return error instanceof WishError ? 409 : 500;
}

/** One line, whatever it was. */
function refusedBy(error: unknown): Refused {
  const text = error instanceof Error ? error.message : String(error);
  return { refused: text.split('\n', 1)[0] ?? '' };
}

function send(response: ServerResponse, status: number, { type, text }: Reply): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, {
    ...HEADERS,
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(text),
    // A body that was not read to its end must not be taken for the next request.
    ...(status === 413 ? { connection: 'close' } : {}),
  });
  response.end(text);
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen({ host: HOST, port });
  await once(server, 'listening').catch((error: unknown) => {
    const isTaken = isJson(error) && error['code'] === 'EADDRINUSE';
    throw isTaken ? new Error(`port ${port} is taken: choose another one`, { cause: error }) : error;
  });
  return (server.address() as AddressInfo).port;
}
