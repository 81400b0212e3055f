/** The show in which things break: the daemon in a process of its own, in real time, over a PostgreSQL that can be stopped. */
import { type Stage, WishError } from '../face/stage.ts';
import type { TroubleKind, TroubleWish } from '../face/wire.ts';
import { startLocalSlack } from '../local-slack.ts';
import { prepareDaemon } from './daemon.ts';
import { buildHouse } from './house.ts';
import { makeTeam, teamYaml } from './team.ts';
import { Watchers } from './watchers.ts';

/** Hours become seconds, so that follow-ups come while somebody looks. */
const TIMES = `    ladder: { urgent: [10s, 20s, 30s, 40s], high: [20s, 40s, 60s, 80s], normal: [30s, 60s, 90s, 120s], low: [60s, 120s, 180s, 240s] }
    waiting: { nudge: [20s, 40s], notice: 60s, resolve: 80s }
    close_after: 60s
`;
const SLOW_MS = 2000;

/** Resolves when the workspace is there; the daemon follows. */
export async function openFaultsStage(): Promise<Stage> {
  const slack = await startLocalSlack({ retryDelaysMs: [0, 5000, 10_000] });
  const parts = makeTeam(slack, Date.now());
  const house = await buildHouse();
  const watchers = new Watchers();
  const troubles = new Set<TroubleKind>();
  /** What is being done, and else how TrIAge ended. */
  let doing: string | null = 'starting PostgreSQL';
  let ended: string | null = null;
  let isStarting = false;
  let isClosing = false;
  const daemon = await prepareDaemon(slack, {
    folder: house.folder,
    yaml: teamYaml(TIMES),
    environment: () => ({ DATABASE_URL: house.databaseUrl() }),
    ended: (how) => {
      if (isClosing) return;
      // So that it can be started again.
      troubles.add('daemonStopped');
      ended = how;
      watchers.tell();
    },
  });

  async function during(what: string, work: () => Promise<void>): Promise<void> {
    doing = what;
    watchers.tell();
    try {
      await work();
    } finally {
      doing = null;
      watchers.tell();
    }
  }

  /** It is not waited for: where PostgreSQL or Slack is away, whoever is asked to bring them back must not wait too. */
  function startDaemon(): void {
    troubles.delete('daemonStopped');
    ended = null;
    isStarting = true;
    daemon.start();
    watchers.tell();
  }

  function isAt(): string | null {
    if (doing !== null || ended !== null) return doing ?? ended;
    if (!daemon.isRunning()) return 'TrIAge is stopped';
    if (isStarting) return 'starting TrIAge';
    const isAway = troubles.size === 0 && slack.socket.open().length === 0;
    return isAway ? 'TrIAge is connecting to Slack again' : null;
  }

  const stopWatching = slack.world.watch(() => {
    if (isStarting && slack.socket.open().length > 0) isStarting = false;
  });

  async function bringUp(): Promise<void> {
    try {
      await during('starting PostgreSQL', () => house.open());
      if (!isClosing) startDaemon();
    } catch (error) {
      ended = `TrIAge did not start: ${error instanceof Error ? error.message : String(error)}`;
      watchers.tell();
    }
  }

  const up = bringUp();

  /** What each lasting trouble does when it begins and when it ends. */
  const lasting: Readonly<Record<TroubleKind, (on: boolean) => Promise<void> | void>> = {
    slowSlack: (on) => slack.faultPlan(on ? () => ({ kind: 'hang', ms: SLOW_MS, when: 'after' }) : undefined),
    slackUnreachable: (on) => slack.unreachable(on),
    postgresStopped: (on) =>
      on
        ? during('stopping PostgreSQL', () => house.postgres.stop())
        : during('starting PostgreSQL', () => house.postgres.start()),
    daemonStopped: (on) => (on ? during('stopping TrIAge', () => daemon.stop()) : startDaemon()),
  };

  async function once(what: Extract<TroubleWish, { once: string }>['once']): Promise<void> {
    const [socket] = slack.socket.open();
    if (what === 'killDaemon') {
      if (!daemon.isRunning()) throw new WishError('TrIAge does not run; start it first');
      await daemon.kill();
      return startDaemon();
    }
    if (socket === undefined) throw new WishError('no socket is open');
    if (what === 'dropSocket') slack.socket.drop(socket);
    else slack.socket.refresh(socket, 2000);
  }

  let isBusy = false;
  return {
    slack,
    seen: () => ({
      kind: 'faults',
      isUp: slack.socket.open().length > 0,
      isAt: isAt(),
      now: Date.now(),
      speed: 1,
      skipsTo: null,
      troubles: [...troubles],
    }),
    partOf: (id) => parts.get(id) ?? '',
    database: () => (troubles.has('postgresStopped') ? null : house.pool()),
    health: () => (daemon.isRunning() ? daemon.health : null),
    time: () => Promise.reject(new WishError('this show keeps real time; choose the other one')),
    async trouble(wish: TroubleWish) {
      if (isBusy) throw new WishError('something is still being started or stopped');
      isBusy = true;
      try {
        await up;
        if ('once' in wish) return await once(wish.once);
        if (troubles.has(wish.lasting) === wish.on) return;
        if (wish.on) troubles.add(wish.lasting);
        await lasting[wish.lasting](wish.on);
        if (!wish.on) troubles.delete(wish.lasting);
        watchers.tell();
      } finally {
        isBusy = false;
      }
    },
    watch: watchers.watch,
    async close() {
      isClosing = true;
      stopWatching();
      await up;
      slack.faultPlan(undefined);
      await daemon.close();
      await slack.close();
      await house.close();
    },
  };
}
