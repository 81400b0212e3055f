import { expect } from 'chai';
import type { Service } from '../../src/service.ts';
import { waitFor } from './wait-for.ts';

export interface StressOptions {
  /** Random rounds after the fixed ones; fewer for what is slow to start. */
  readonly rounds?: number;
  /** How long a handle may outlive a stop; HTTP connections that the runtime keeps alive need some seconds. */
  readonly patienceMs?: number;
  /** Called whenever a start has resolved and no stop was asked for: throws when the service does not do its job. */
  readonly whenStarted?: () => Promise<unknown>;
}

/**
 * Holds a service to the contract of src/service.ts: start and stop twice, in any order and at once; a stop resolves
 * always, and nothing is left then; a start that a stop overtakes ends one way or the other; and after all that it
 * still starts. One spec per service calls this.
 */
export async function stressService(
  make: () => Service | Promise<Service>,
  options: StressOptions = {},
): Promise<void> {
  // mocha sets the timer of the spec's timeout only after the spec's first synchronous part.
  await new Promise((resolve) => setImmediate(resolve));
  const before = openHandles();
  const { patienceMs } = options;
  const check = async () => options.whenStarted?.();
  const service = await make();

  await service.stop();
  await service.start();
  await service.start();
  await check();
  await service.stop();
  await service.stop();
  await nothingLeft(before, 'after start and stop, each twice', patienceMs);

  await Promise.all([service.start(), service.start(), service.start()]);
  await check();
  await Promise.all([service.stop(), service.stop()]);
  await nothingLeft(before, 'after concurrent starts and stops', patienceMs);

  await overtaken(service);
  await nothingLeft(before, 'after a stop during a start', patienceMs);

  for (let round = 0; round < (options.rounds ?? 20); round += 1) {
    await randomRound(service);
    await nothingLeft(before, `after random round ${round}`, patienceMs);
  }

  await service.start();
  await check();
  await service.stop();
  await nothingLeft(before, 'at the end', patienceMs);
}

async function overtaken(service: Service): Promise<void> {
  const started = service.start().catch((error: unknown) => expect(error).to.be.instanceOf(Error));
  await service.stop();
  await started;
}

/** A handful of calls, some awaited, ending in a stop. */
async function randomRound(service: Service): Promise<void> {
  const open: Promise<unknown>[] = [];
  for (let call = 0; call < 6; call += 1) {
    const done = Math.random() < 0.5 ? service.start().catch((error: unknown) => error) : service.stop();
    if (Math.random() < 0.4) await done;
    else open.push(done);
    if (Math.random() < 0.3) await new Promise((resolve) => setImmediate(resolve));
  }
  await service.stop();
  await Promise.all(open);
}

/** What keeps the process alive, by kind. */
function openHandles(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

async function nothingLeft(
  before: ReadonlyMap<string, number>,
  when: string,
  patienceMs = 2000,
): Promise<void> {
  const left = () =>
    [...openHandles()].filter(([kind, count]) => LASTING.has(kind) && count > (before.get(kind) ?? 0));
  // A socket closed just now is listed until the event loop has turned.
  await waitFor(() => left().length === 0, `no open handle ${when}`, patienceMs).catch((cause: unknown) => {
    throw new Error(`left open ${when}: ${JSON.stringify(left())}`, { cause });
  });
}

/** Kinds that a service can leave behind; requests in flight (FSReqPromise, …) come and go by themselves. */
const LASTING = new Set([
  'Timeout',
  'TCPSocketWrap',
  'TCPServerWrap',
  'PipeWrap',
  'PipeServerWrap',
  'ProcessWrap',
  'TLSWrap',
  'MessagePort',
  'Worker',
  'FSEventWrap',
  'StatWatcher',
]);
