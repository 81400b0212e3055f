/** What goes wrong in a soak: each fault is begun, lasts, and is ended again. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisServer } from '../redis/redis-server.ts';
import type { DeliveryFault } from '../workspace/delivery-faults.ts';
import type { Fault } from '../workspace/faults.ts';
import type { LocalSlack } from '../workspace/local-slack.ts';
import type { SoakDaemon } from './daemon.ts';
import type { SoakDatabase } from './database.ts';
import type { Journal } from './journal.ts';
import type { FaultName, FaultStep } from './plan.ts';
import { createRandom, pickAt } from './random.ts';

export interface Scene {
  readonly slack: LocalSlack;
  readonly database: SoakDatabase;
  readonly daemons: readonly SoakDaemon[];
  readonly redis: RedisServer | null;
  readonly journal: Journal;
  /** How many faults of the database last at this moment. */
  troubles: number;
}

interface Trouble {
  begin(scene: Scene, step: FaultStep): unknown;
  end?(scene: Scene, step: FaultStep): unknown;
}

/** While it lasts, so many of all calls go wrong in this way, by the step's own numbers. */
function web(share: number, fault: Fault, method?: string): Trouble {
  return {
    begin: ({ slack }, { pick }) => {
      const random = createRandom(Math.floor(pick * 1e9));
      slack.faultPlan((call) =>
        (method === undefined || call.method === method) && random.chance(share) ? fault : undefined,
      );
    },
    end: ({ slack }) => slack.faultPlan(undefined),
  };
}

/** The same for envelopes. */
function delivery(share: number, fault: (at: number) => DeliveryFault): Trouble {
  return {
    begin: ({ slack }, { pick }) => {
      const random = createRandom(Math.floor(pick * 1e9));
      slack.deliveryPlan(() => (random.chance(share) ? fault(random.next()) : undefined));
    },
    end: ({ slack }) => slack.deliveryPlan(undefined),
  };
}

/** A socket that stays half-open for ever would cost events all their retries. */
const HALF_OPEN_AT_MOST_MS = 6000;

const SOCKET = {
  refresh: { begin: ({ slack }, { pick }) => slack.socket.refresh(some(slack, pick)) },
  warning: { begin: ({ slack }, { pick }) => slack.socket.warning(some(slack, pick)) },
  drop: { begin: ({ slack }, { pick }) => slack.socket.drop(some(slack, pick)) },
  half_open: {
    begin: async ({ slack }, { pick }) => {
      const id = slack.socket.open().at(Math.floor(pick * 2));
      if (id === undefined) return;
      slack.socket.halfOpen(id);
      await sleep(HALF_OPEN_AT_MOST_MS);
      slack.socket.drop(id);
    },
  },
  silent: {
    begin: ({ slack }) => slack.socket.silence(),
    end: ({ slack }) => slack.socket.silence(false),
  },
  link_disabled: {
    begin: ({ slack }) => slack.socket.linkDisabled(),
    end: ({ slack }) => slack.socket.linkDisabled(false),
  },
  too_many: {
    begin: ({ slack }, { pick }) => {
      slack.socket.tooMany();
      slack.socket.drop(some(slack, pick));
    },
    end: ({ slack }) => slack.socket.tooMany(false),
  },
  unreachable: {
    begin: ({ slack }) => {
      slack.offline('lose');
      slack.unreachable();
    },
    end: ({ slack }) => {
      slack.unreachable(false);
      slack.offline('queue');
    },
  },
} satisfies Partial<Record<FaultName, Trouble>>;

/** One socket, or (in one case of four) all of them. */
function some(slack: LocalSlack, pick: number): number | undefined {
  const open = slack.socket.open();
  return pick < 0.25 || open.length === 0 ? undefined : pickAt(open, (pick * 10) % 1);
}

/** In every other case what happens while no socket is open is lost for good; otherwise Slack tells it later. */
function loseSome(slack: LocalSlack, pick: number): void {
  if ((pick * 100) % 1 < 0.5) slack.offline('lose');
}

const DELIVERY = {
  delayed: delivery(0.5, (at) => ({ kind: 'delay', ms: 200 + Math.floor(at * 2500) })),
  twice: delivery(0.6, (at) => ({ kind: 'again', how: 'same_envelope', afterMs: Math.floor(at * 1500) })),
  retried: delivery(0.6, (at) => ({ kind: 'again', how: 'retry', afterMs: Math.floor(at * 3000) })),
  other_event_id: delivery(0.6, (at) => ({
    kind: 'again',
    how: 'new_event_id',
    afterMs: Math.floor(at * 1500),
  })),
  shuffled: delivery(0.9, (at) => ({ kind: 'delay', ms: Math.floor(at * 900) })),
} satisfies Partial<Record<FaultName, Trouble>>;

const WEB = {
  limited: web(0.5, { kind: 'rate_limited', retryAfter: 1 }),
  limited_without_header: web(0.4, { kind: 'rate_limited' }),
  http_500: web(0.4, { kind: 'http', status: 500 }),
  html: web(0.4, { kind: 'html' }),
  reset_before: web(0.3, { kind: 'reset', when: 'before' }),
  reset_after: web(0.3, { kind: 'reset', when: 'after' }),
  no_answer: web(0.08, { kind: 'hang', ms: 30_000, when: 'after' }),
} satisfies Partial<Record<FaultName, Trouble>>;

const DAEMON = {
  kill: {
    begin: async ({ slack, daemons }, { pick, lastsMs }) => {
      const daemon = pickAt(daemons, pick);
      loseSome(slack, pick);
      await daemon.kill();
      await sleep(lastsMs);
      daemon.start();
    },
    end: ({ slack }) => slack.offline('queue'),
  },
  restart: {
    begin: async ({ slack, daemons }, { pick }) => {
      const daemon = pickAt(daemons, pick);
      loseSome(slack, pick);
      await daemon.stop();
      daemon.start();
    },
    end: ({ slack }) => slack.offline('queue'),
  },
} satisfies Partial<Record<FaultName, Trouble>>;

const DATABASE = {
  crash: {
    begin: async ({ database }, { lastsMs }) => {
      database.proxy.refuse(true);
      database.proxy.cut();
      await database.crash();
      await sleep(lastsMs / 2);
      database.proxy.refuse(false);
    },
  },
  read_only: {
    begin: ({ database }) => database.readOnly(true),
    end: ({ database }) => database.readOnly(false),
  },
  slow: {
    begin: ({ database }, { pick }) => database.proxy.slowBy(5 + Math.floor(pick * 120)),
    end: ({ database }) => database.proxy.slowBy(0),
  },
  refused: {
    begin: ({ database }) => {
      database.proxy.refuse(true);
      database.proxy.cut();
    },
    end: ({ database }) => database.proxy.refuse(false),
  },
  cut: { begin: ({ database }) => database.proxy.cut() },
} satisfies Partial<Record<FaultName, Trouble>>;

const REDIS = {
  redis_empty: {
    begin: async ({ redis }, { lastsMs }) => {
      await redis?.kill();
      await sleep(lastsMs);
      await redis?.start();
    },
  },
  redis_frozen: { begin: ({ redis }) => redis?.freeze(), end: ({ redis }) => redis?.thaw() },
} satisfies Partial<Record<FaultName, Trouble>>;

const TROUBLES: Readonly<Record<FaultName, Trouble>> = {
  ...SOCKET,
  ...DELIVERY,
  ...WEB,
  ...DAEMON,
  ...DATABASE,
  ...REDIS,
};

/** Resolves when the fault is over. */
export async function suffer(scene: Scene, step: FaultStep): Promise<void> {
  const trouble = TROUBLES[step.fault];
  const entry = scene.journal.note(`${step.number} fault ${step.fault} (${step.lastsMs} ms)`, [], true);
  entry.until = Number.POSITIVE_INFINITY;
  scene.troubles += 1;
  try {
    await trouble.begin(scene, step);
    if (trouble.end === undefined) return;
    await sleep(step.lastsMs);
    await trouble.end(scene, step);
  } finally {
    scene.troubles -= 1;
    entry.until = Date.now();
  }
}
