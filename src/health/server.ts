/** The only listener of TrIAge: whether the process lives, whether it can do its job, and its metrics. It knows no secrets. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { StartError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { oneAtATime, type Service } from '../service.ts';
import { createReadiness, type Readiness, type ReadyReport } from './readiness.ts';

export interface HealthServerOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Asked at every `/ready`, but never while it is still at an earlier answer. */
  readonly checks: () => Promise<ReadyReport> | ReadyReport;
  /** Answers `/metrics`, in Prometheus's text format; gets what `/ready` would say. */
  readonly metrics: (readiness: Promise<Readiness>) => Promise<string>;
  readonly logger: Logger;
  /** How long the checks may take before `/ready` says 503; 2 s if absent. */
  readonly checkTimeoutMs?: number;
}

export interface HealthServer extends Service {
  /** Where it listens; undefined while it does not. */
  address(): { readonly host: string; readonly port: number } | undefined;
}

/** `start` throws a StartError if the address cannot be had. */
export function createHealthServer(options: HealthServerOptions): HealthServer {
  const { host, port, checks, metrics, logger, checkTimeoutMs = CHECK_TIMEOUT_MS } = options;
  const isReady = createReadiness(checks, checkTimeoutMs, logger);
  let server: Server | undefined;
  let wanted = false;
  const inTurn = oneAtATime();

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?', 1)[0];
    const methods = METHODS.get(path ?? '');
    if (methods === undefined) {
      sendJson(request, response, 404, { status: 'not found' });
    } else if (!methods.includes(request.method ?? '')) {
      response.setHeader('allow', methods.join(', '));
      sendJson(request, response, 405, { status: 'method not allowed' });
    } else if (path === '/metrics') {
      send(request, response, 200, METRICS_TYPE, await metrics(isReady()));
    } else if (path === '/health') {
      sendJson(request, response, 200, { status: 'ok' });
    } else {
      const { ready, parts } = await isReady();
      sendJson(request, response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', ...parts });
    }
  }

  return {
    name: 'health',
    start() {
      wanted = true;
      return inTurn(async () => {
        if (!wanted || server !== undefined) return;
        const next = createServer(LIMITS, (request, response) => {
          respond(request, response).catch((error: unknown) => {
            logger.error('A health request could not be answered', { error });
            response.destroy();
          });
        });
        next.maxConnections = MAX_CONNECTIONS;
        await listen(next, host, port);
        server = next;
        logger.info('Health listener is up', { ...toAddress(next) });
      });
    },
    stop() {
      wanted = false;
      return inTurn(async () => {
        const last = server;
        server = undefined;
        if (last !== undefined) await close(last);
      });
    },
    address: () => (server === undefined ? undefined : toAddress(server)),
  };
}

/** What may be asked of which path. A scrape is work: nobody asks for one only to see its headers. */
const METHODS: ReadonlyMap<string, readonly string[]> = new Map([
  ['/health', ['GET', 'HEAD']],
  ['/ready', ['GET', 'HEAD']],
  ['/metrics', ['GET']],
]);
const JSON_TYPE = 'application/json; charset=utf-8';
/** Prometheus's text format. */
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const CHECK_TIMEOUT_MS = 2_000;
/** For the answers under way at stop; then their connections are cut. */
const STOP_GRACE_MS = 500;
const MAX_CONNECTIONS = 100;

/** A probe's request is a few hundred bytes, and its sender does not dawdle. */
const LIMITS = {
  maxHeaderSize: 8 * 1024,
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
};

function sendJson(request: IncomingMessage, response: ServerResponse, status: number, body: object): void {
  send(request, response, status, JSON_TYPE, `${JSON.stringify(body)}\n`);
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  type: string,
  text: string,
): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // A body that we do not read must not be taken for the next request.
    ...(status === 405 ? { connection: 'close' } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new StartError(toProblem(error, host, port), { cause: error });
  }
}

function toProblem(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (code === 'EADDRINUSE') return `HEALTH_PORT: port ${port} on ${host} is taken by another process`;
  if (code === 'EACCES')
    return `HEALTH_PORT: port ${port} on ${host} needs more rights than this process has`;
  return `HEALTH_HOST: cannot listen on ${host}, port ${port} (${code})`;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  // Ends idle connections, too; the others after the answer that they wait for.
  server.close();
  const cut = setTimeout(() => server.closeAllConnections(), STOP_GRACE_MS);
  await closed;
  clearTimeout(cut);
}

function toAddress(server: Server): { host: string; port: number } | undefined {
  const address = server.address();
  return typeof address === 'object' && address !== null
    ? { host: address.address, port: address.port }
    : undefined;
}
