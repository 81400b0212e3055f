import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { openWorkspace, type Workspace } from '../outbox/relay-workspace.ts';
import { waitFor } from '../support/wait-for.ts';
import type { Fault } from '../workspace/faults.ts';
import { atOnce } from './at-once.ts';
import { PLACES, POST_KINDS, type PostKind } from './post-kinds.ts';

const HANG_MS = 30_000;

/** Everything of the bot's that anybody can see. */
function written({ slack }: Workspace): readonly string[] {
  const messages = [...slack.world.channels.values()].flatMap(({ id, messages: all }) =>
    all.filter((one) => one.bot_id === slack.botId).map(({ ts }) => `${id}:${ts}`),
  );
  return [...messages, ...slack.world.ephemerals.map(({ ts }) => `ephemeral:${ts}`)];
}

/** Commits one effect whose call goes wrong, and tells how many messages more (or less) there are afterwards. */
async function change(desk: Workspace, kind: PostKind, fault: Fault): Promise<number> {
  const request = await kind.prepare(desk);
  const earlier = written(desk).length;
  desk.slack.failNext(kind.method, fault);
  await kind.commit(desk, request);
  await waitFor(async () => (await desk.waiting()) === 0, 'an empty outbox', HANG_MS);
  await desk.slack.waitFor(
    () => desk.slack.calls().some((call) => call.method === kind.method && call.fault === fault),
    'the call that goes wrong',
  );
  return written(desk).length - earlier;
}

/** Posts stand there once, edits and removals are repeated, what only one person sees is tried once. */
function expected({ method }: PostKind, fault: Fault): number {
  const isLost = fault.kind === 'reset' && fault.when === 'before';
  if (method === 'chat.update') return 0;
  if (method === 'chat.delete') return -1;
  return isLost && method !== 'chat.postMessage' ? 0 : 1;
}

const FAULTS = {
  'the answer was lost': { kind: 'reset', when: 'after' },
  'the call was lost': { kind: 'reset', when: 'before' },
  'the answer took half a minute': { kind: 'hang', ms: HANG_MS, when: 'after' },
} as const satisfies Record<string, Fault>;

interface Tried {
  readonly kind: PostKind;
  readonly what: string;
  readonly fault: Fault;
  readonly done: PromiseWithResolvers<number>;
}

/** Each kind in a workspace of its own, for its lane waits; all at the same time. */
async function tryAll(tries: readonly Tried[]): Promise<void> {
  const desk = await inTurn(() => openWorkspace());
  await desk.relay().start();
  for (const { kind, fault, done } of tries) await change(desk, kind, fault).then(done.resolve, done.reject);
  await desk.close();
}

const inTurn = atOnce(4);

describe('a post of every kind', function () {
  this.timeout(60_000);
  const kinds = POST_KINDS.map((kind) =>
    Object.entries(FAULTS).map(
      ([what, fault]): Tried => ({ kind, what, fault, done: Promise.withResolvers<number>() }),
    ),
  );
  let all: Promise<unknown>;

  before(() => {
    for (const { done } of kinds.flat()) done.promise.catch(() => {});
    all = Promise.all(kinds.map(tryAll));
    all.catch(() => {});
  });

  after(() => all);

  it('is among these wherever it goes', () => {
    for (const [place, count] of Object.entries(PLACES)) expect(count, place).to.be.above(0);
  });

  for (const { kind, what, fault, done } of kinds.flat()) {
    it(`stands there once though ${what}: ${kind.name}`, async () => {
      expect(await done.promise).to.equal(expected(kind, fault));
    });
  }
});
