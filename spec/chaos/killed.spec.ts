import { after, before, describe, it } from 'mocha';
import type { Statement } from '../support/postgres-wire.ts';
import { busyMinute, lives } from './busy.ts';
import { CHAINS, type Chain, everyday, type KillPoint, type Spot } from './kill-points.ts';
import { openStory, type Story } from './story.ts';

const PATIENCE_MS = 60_000;
const SEED = 2;

/** Begins to wait for the moment; resolves when the daemon has been killed in it, or told to stop. */
function killAt(story: Story, spot: Spot, how: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const late = setTimeout(() => reject(new Error('the moment to be killed in did not come')), PATIENCE_MS);
  let left = spot.nth ?? 1;
  const watch = spot.way === 'up' ? story.proxy.watchUp : story.proxy.watchDown;
  watch(async (statement: Statement) => {
    if (!spot.is(statement, story) || (left -= 1) !== 0) return 'pass';
    clearTimeout(late);
    if (how === 'SIGKILL') await story.daemon.kill();
    else story.daemon.signal('SIGTERM');
    resolve();
    return how === 'SIGKILL' ? 'drop' : 'pass';
  });
  return promise;
}

/** From what people do to the daemon's death. */
async function die(story: Story, { at, termAt, again, isStart, act }: KillPoint): Promise<void> {
  let died: Promise<void> | undefined;
  const arm = (): void => {
    died =
      termAt === undefined
        ? killAt(story, at)
        : killAt(story, termAt, 'SIGTERM').then(() => killAt(story, at));
  };
  if (isStart === true) {
    arm();
    story.daemon.start();
  } else {
    if (!story.daemon.isAlive()) await story.daemon.startReady();
    if (act === undefined) {
      arm();
      everyday(story);
    } else await act(story, arm);
  }
  await died;
  if (again === undefined) return;
  died = killAt(story, again);
  story.daemon.start();
  await died;
}

/** The next life: all that was begun is done, once, and it goes on as if nothing had been. */
async function goOn(story: Story, { isStart, andThen }: KillPoint): Promise<void> {
  story.proxy.watchUp(undefined);
  story.proxy.watchDown(undefined);
  await story.daemon.startReady();
  if (isStart === true) everyday(story);
  await story.settled();
  await andThen?.(story);
  await story.take(story.words().at(-1)?.word ?? '');
  await story.settled();
  await story.check();
}

interface Outcome {
  readonly point: KillPoint;
  readonly done: PromiseWithResolvers<void>;
}

async function tell({ options }: Chain, outcomes: readonly Outcome[]): Promise<void> {
  let isBroken = false;
  const story = await openStory(options);
  for (const [place, { point, done }] of outcomes.entries()) {
    if (isBroken) {
      done.reject(new Error('an earlier death of the same daemon has left a mess'));
      continue;
    }
    try {
      await die(story, point);
      // Migrations are killed one after the other, before anything can be written.
      if (point.isStart !== true || place === outcomes.length - 1) await goOn(story, point);
      done.resolve();
    } catch (error) {
      isBroken = true;
      done.reject(error);
    }
  }
  await story.close();
}

/** The chains are told at the same time, for most of their time they wait. */
describe('a daemon that is killed loses nothing and does nothing twice', function () {
  this.timeout(180_000);
  const chains = CHAINS.map((chain) => ({
    chain,
    outcomes: chain.points.map((point): Outcome => ({ point, done: Promise.withResolvers<void>() })),
  }));
  const ends = lives(SEED, 10);
  let busy: Promise<void>;
  let all: Promise<unknown>;

  before(() => {
    for (const { done } of chains.flatMap(({ outcomes }) => outcomes)) done.promise.catch(() => {});
    busy = busyMinute(SEED, ends);
    busy.catch(() => {});
    all = Promise.allSettled(chains.map(({ chain, outcomes }) => tell(chain, outcomes)).concat(busy));
  });

  after(() => all);

  for (const { point, done } of chains.flatMap(({ outcomes }) => outcomes))
    it(`killed ${point.when}`, () => done.promise);

  it(`killed ten times in a busy minute, at the statements ${ends.join(', ')} of its lives`, () => busy);
});
