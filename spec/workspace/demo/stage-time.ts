/** The show in which time can be moved: the daemon in this process, on the clock that the local Slack and pg-boss share. */
import { DateTime } from 'luxon';
import { TestClock } from 'pg-boss';
import { type App, createApp } from '../../../src/app.ts';
import { parseTriageFile } from '../../../src/config/triage-file.ts';
import { loadConfig } from '../../../src/config.ts';
import { environmentOf } from '../../support/running-app.ts';
import { type Stage, WishError } from '../face/stage.ts';
import type { SkipKind, TimeWish } from '../face/wire.ts';
import { startLocalSlack } from '../local-slack.ts';
import { createTime, TEST_CLOCK_SESSION } from '../time.ts';
import { buildHouse, quietLogger } from './house.ts';
import { makeTeam, teamYaml } from './team.ts';
import { Watchers } from './watchers.ts';

const ZONE = 'Europe/Madrid';
const MINUTE_MS = 60_000;

/** Monday of this week at nine, where the made-up team works. */
const mondayMorning = (): number => at9(DateTime.now().setZone(ZONE).startOf('week')).toMillis();

function at9(day: DateTime): DateTime {
  return day.set({ hour: 9, minute: 0, second: 0, millisecond: 0 });
}

/**
 * Resolves when the workspace is there; the daemon follows.
 * @param from when the show begins (epoch ms)
 */
export async function openTimeStage(from: number = mondayMorning()): Promise<Stage> {
  const clock = new TestClock(from);
  const slack = await startLocalSlack({ clock });
  const parts = makeTeam(slack, clock.now());
  const house = await buildHouse();
  const watchers = new Watchers();
  // Before the daemon has made its tables there is nothing to look for.
  const database = () => (isUp ? house.pool() : null);
  const time = createTime({ clock, slack, pool: database });
  time.watch(watchers.tell);
  let app: App | null = null;
  let isUp = false;
  let isClosing = false;
  let isAt: string | null = 'starting PostgreSQL';

  function tell(what: string | null): void {
    isAt = what;
    watchers.tell();
  }

  async function bringUp(): Promise<void> {
    await house.open();
    if (isClosing) return;
    tell('starting TrIAge');
    app = createApp({
      config: loadConfig(environmentOf(slack, house.databaseUrl())),
      triageFile: parseTriageFile(teamYaml(), 'triage.yaml'),
      clock,
      logger: quietLogger,
      bossClock: { clock, sessionStatements: [TEST_CLOCK_SESSION] },
    });
    await app.start();
    await slack.waitFor(() => slack.socket.open().length > 0, 'the daemon to connect', 30_000);
    isUp = true;
    tell(null);
    run(1);
  }

  function run(speed: number): void {
    time.run(speed).catch(stuck);
  }

  function stuck(error: unknown): void {
    tell(error instanceof Error ? error.message : String(error));
  }

  const up = bringUp().catch((error: unknown) => {
    if (!isClosing) tell(`TrIAge did not start: ${error instanceof Error ? error.message : String(error)}`);
  });

  async function goalOf(kind: SkipKind): Promise<number> {
    const now = DateTime.fromMillis(time.now(), { zone: ZONE });
    switch (kind) {
      case 'next': {
        const next = await time.nextDue();
        if (next === null) throw new WishError('nothing is due: every alarm that was set has rung');
        return next;
      }
      case '10m':
        return time.now() + 10 * MINUTE_MS;
      case '1h':
        return time.now() + 60 * MINUTE_MS;
      case 'tomorrow9':
        return at9(now.plus({ days: 1 })).toMillis();
      case 'monday9':
        return at9(now.startOf('week').plus({ weeks: 1 })).toMillis();
    }
  }

  return {
    slack,
    seen: () => ({
      kind: 'time',
      isUp,
      isAt,
      now: time.now(),
      speed: time.speed(),
      skipsTo: time.skipsTo(),
      troubles: [],
    }),
    partOf: (id) => parts.get(id) ?? '',
    database,
    health: () => app?.address() ?? null,
    async time(wish: TimeWish) {
      if (!isUp) throw new WishError('TrIAge is still starting');
      if ('stop' in wish) return time.stop();
      if ('speed' in wish) {
        tell(null);
        return run(wish.speed);
      }
      if (time.skipsTo() !== null) throw new WishError('a skip is under way; stop it first');
      const goal = 'skip' in wish ? await goalOf(wish.skip) : wish.skipTo;
      if (goal <= time.now()) throw new WishError('time does not go back');
      tell(null);
      time.skipTo(goal).catch(stuck);
    },
    trouble: () => Promise.reject(new WishError('this show has no faults; choose the other one')),
    watch: watchers.watch,
    async close() {
      isClosing = true;
      await up;
      await time.close();
      await app?.stop();
      await slack.close();
      await house.close();
    },
  };
}
