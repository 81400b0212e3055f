/** The page's server over a show that stands still, and a page that asks it as a browser would. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FaceOptions, startFace } from '../workspace/face/server.ts';
import type { Stage } from '../workspace/face/stage.ts';
import type { Deed, Done, Refused, StageSeen, State } from '../workspace/face/wire.ts';
import { idOf, type Who } from '../workspace/wire.ts';
import type { RunningApp } from './running-app.ts';

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A show of which only the local Slack is real; give what a spec needs more. */
export function stillStage(
  parts: Pick<Stage, 'slack'> & Partial<Stage>,
  seen: Partial<StageSeen> = {},
): Stage {
  const shown: StageSeen = {
    kind: 'faults',
    isUp: true,
    isAt: null,
    now: parts.slack.world.clock.now(),
    speed: 1,
    skipsTo: null,
    troubles: [],
    ...seen,
  };
  return {
    seen: () => shown,
    partOf: () => '',
    database: () => null,
    health: () => null,
    time: () => Promise.resolve(),
    trouble: () => Promise.resolve(),
    watch: () => () => {},
    close: () => Promise.resolve(),
    ...parts,
  };
}

/** The show of a daemon in this process. */
export function stageOver(running: RunningApp, more: Partial<Stage> = {}): Stage {
  return stillStage({
    slack: running.slack,
    database: () => running.database.pool,
    health: () => running.app().address() ?? null,
    ...more,
  });
}

export type Facing = Awaited<ReturnType<typeof facing>>;

/** Starts a server with a page of three lines in place of the real one; `close` ends it. */
export async function facing(stage: Stage, options: Partial<FaceOptions> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'face-spec-'));
  const entry = join(folder, 'main.tsx');
  await writeFile(join(folder, 'main.css'), 'body { color: canvastext }');
  await writeFile(entry, `import './main.css';\ndocument.title = 'the page of a spec';\n`);
  const face = await startFace({ stage: () => stage, restage: () => Promise.resolve(), entry, ...options });
  const { host } = new URL(face.url);

  /** Sends what is given and nothing else: no header of a browser's. */
  function send(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body = '',
  ): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const asked = request(
        face.url,
        { method, path, headers: { host, ...headers }, agent: false },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
          );
        },
      );
      asked.on('error', reject);
      asked.end(body);
    });
  }

  const own = {
    origin: `http://${host}`,
    'sec-fetch-site': 'same-origin',
    'content-type': 'application/json',
  };
  const post = (path: string, body: unknown): Promise<Answered> =>
    send('POST', path, own, typeof body === 'string' ? body : JSON.stringify(body));

  /** The parsed answer of a 200; an error with the server's one line otherwise. */
  async function ok<T>(answer: Promise<Answered>): Promise<T> {
    const { status, text } = await answer;
    if (status !== 200) throw new Error(`${status}: ${(JSON.parse(text) as Refused).refused}`);
    return JSON.parse(text) as T;
  }

  return {
    url: face.url,
    host,
    own,
    send,
    post,
    get: (path: string): Promise<Answered> => send('GET', path, { 'sec-fetch-site': 'same-origin' }),
    ask: <T>(path: string): Promise<T> => ok<T>(send('GET', path)),
    /** What somebody sees. */
    state: (who: Who, more: Readonly<Record<string, string>> = {}): Promise<State> =>
      ok<State>(send('GET', `/state?${new URLSearchParams({ as: idOf(who), ...more }).toString()}`)),
    does: (who: Who, deed: Deed): Promise<Done> => ok<Done>(post('/do', { as: idOf(who), deed })),
    /** The one line that somebody's deed is refused with, after its status. */
    refuses: (who: Who, deed: Deed): Promise<string> =>
      ok(post('/do', { as: idOf(who), deed })).then(
        () => 'nothing was refused',
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      ),
    async close(): Promise<void> {
      await face.close();
      await rm(folder, { recursive: true });
    },
  };
}
