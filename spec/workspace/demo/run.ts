/**
 * `npm run demo`: TrIAge over a local Slack, as a page in the browser. `-- --faults` begins with the show in which things
 * break, `-- --export DIR` shows an export, `-- --port N` takes that port.
 */
import { parseArgs } from 'node:util';
import type { Stage } from '../face/stage.ts';
import { openShow, SHOWS } from './show.ts';
import { openExportStage, type Replayed } from './stage-export.ts';

/** npm hands on a Ctrl-C that the terminal has sent us already: the same one, not a second. */
const SAME_SIGNAL_MS = 500;

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function demo(options: Options): Promise<void> {
  const ended = Promise.withResolvers<void>();
  let endedAt: number | null = null;
  // A second one ends at once what does not end by itself.
  const end = (): void => {
    if (endedAt !== null && performance.now() - endedAt > SAME_SIGNAL_MS) process.exit(1);
    endedAt ??= performance.now();
    ended.resolve();
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  // The terminal is closed.
  process.on('SIGHUP', end);
  // Whoever closes the pipe has seen enough.
  process.stdout.once('error', () => ended.resolve());
  const show = await openShow(() => openingStage(options), options.port);
  print(`TrIAge in a workspace of its own: ${show.url}`);
  print('Ctrl-C ends it.');
  await ended.promise;
  await show.close();
}

async function openingStage(options: Options): Promise<Stage> {
  if (options.export === undefined) return SHOWS[options.isFaults ? 'faults' : 'time']();
  const stage = await openExportStage(options.export);
  stage.replayed.then(
    (replayed) => replayed !== null && report(replayed),
    (error: unknown) => complain(error),
  );
  return stage;
}

function report(replayed: Replayed): void {
  const { messages, requests, cards, doubled, ackP50Ms, ackP99Ms, seconds, callsARequest } = replayed;
  print(`messages            ${messages}`);
  print(`requests            ${requests}`);
  print(`cards               ${cards}`);
  print(`duplicates          ${doubled}`);
  print(
    `acknowledgements    p50 ${ackP50Ms.toFixed(1)} ms, p99 ${ackP99Ms.toFixed(1)} ms; all within ${seconds.toFixed(1)} s`,
  );
  print(`Slack calls/request ${callsARequest.toFixed(2)}`);
}

function complain(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
}

interface Options {
  readonly export: string | undefined;
  readonly isFaults: boolean;
  readonly port: number | undefined;
}

const USAGE = `npm run demo                    a team to play, whose time can be moved
npm run demo -- --faults        the same in real time, with a daemon to kill
npm run demo -- --export DIR    a workspace export, with the requests that TrIAge would have made of it
npm run demo -- --port N        at this port, in place of any`;

/** Null: only the usage is wished for. An option that there is not is an error. */
function readOptions(): Options | null {
  const { values } = parseArgs({
    options: {
      export: { type: 'string' },
      faults: { type: 'boolean' },
      port: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) return null;
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536))
    throw new Error('--port takes a number from 0 to 65535');
  return { export: values.export, isFaults: values.faults ?? false, port };
}

try {
  const options = readOptions();
  if (options === null) print(USAGE);
  else await demo(options);
} catch (error) {
  complain(error);
  process.exitCode = 1;
}
