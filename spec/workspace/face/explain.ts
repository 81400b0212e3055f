/** Why a request is as it is: what Slack told, what was decided, which alarms were set, what was written; in order. */
import { changeWords, stateWord } from '../../../src/domain/wording.ts';
import type { Db } from '../../../src/store/pool.ts';
import { readRequest } from '../../../src/store/requests.ts';
import { readTimeline } from '../../../src/store/timeline.ts';
import type { World } from '../world.ts';
import { readEvents } from './explain-events.ts';
import { readTimers } from './explain-timers.ts';
import { readWaitingWrites, writesOf } from './explain-writes.ts';
import { plainText } from './plain-text.ts';
import { Refusal } from './refusal.ts';
import type { Stage } from './stage.ts';
import type { Explained, ExplainedLine } from './wire.ts';

const PATIENCE_MS = 3000;
const MOST_DECISIONS = 1000;
/** @param number as it was asked for: digits */
export async function explain(stage: Pick<Stage, 'slack' | 'database'>, number: string): Promise<Explained> {
  if (!/^\d{1,15}$/.test(number)) throw new Refusal(400, 'number must be the number of a request');
  const db = stage.database();
  if (db === null) throw away();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(away()), PATIENCE_MS);
  try {
    return await Promise.race([explained(stage, db, Number(number)), late.promise]);
  } catch (error) {
    throw error instanceof Refusal ? error : away();
  } finally {
    clearTimeout(timer);
  }
}

async function explained({ slack }: Pick<Stage, 'slack'>, db: Db, id: number): Promise<Explained> {
  const stored = await readRequest(db, id);
  if (stored === null) throw new Refusal(404, `there is no request #${id}`);
  const { request } = stored;
  const { world } = slack;
  const [events, decisions, timers, waiting] = await Promise.all([
    readEvents(db, world, request),
    readDecisions(db, world, id),
    readTimers(db, world, stored),
    readWaitingWrites(db, world, id),
  ]);
  // Of one moment: what was told or rang, what was made of it, and what came of that.
  const lines = [
    ...events,
    ...timers.rung,
    ...decisions,
    ...timers.rest,
    ...writesOf(slack, request),
    ...waiting,
  ];
  return {
    number: id,
    title: request.source.title === null ? null : plainText(world, request.source.title),
    state: stateWord(request.state),
    queue: request.queue,
    owner: request.owner,
    asker: request.asker,
    priority: request.priority,
    lines: lines.sort((one, other) => one.at - other.at),
  };
}

async function readDecisions(db: Db, world: World, id: number): Promise<readonly ExplainedLine[]> {
  const timeline = await readTimeline(db, id, MOST_DECISIONS);
  return timeline.map(({ at, actor, what }) => ({
    at,
    kind: 'decision',
    what: plainText(world, actor === null ? what : changeWords(what, 'it')),
    by: actor,
    key: null,
    isPending: false,
  }));
}

function away(): Refusal {
  return new Refusal(503, 'the database cannot be reached just now');
}
