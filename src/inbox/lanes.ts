/** Work in lanes: what shares a lane runs in order, one after the other; lanes run side by side, some at a time. */
export interface Lanes {
  /**
   * @param first somebody waits for it: its lane comes before all lanes in which nobody waits for anything, but the
   *   lane's earlier work is still done before it
   */
  add(lane: string, first: boolean, work: () => Promise<void>): void;
  /** How many wait or run. */
  size(): number;
  /** Drops what has not begun; resolves when what has is over. */
  stop(): Promise<void>;
}

interface Lane {
  readonly name: string;
  readonly waiting: { readonly first: boolean; readonly work: () => Promise<void> }[];
  /** How many of the waiting are first. */
  firsts: number;
  isRunning: boolean;
}

/**
 * @param atOnce how many lanes run side by side. `work` must not reject.
 * @param moreForFirst how many more, if somebody waits for something in them
 */
export function createLanes(atOnce: number, moreForFirst = 0): Lanes {
  const lanes = new Map<string, Lane>();
  /** Those that do not run, in the order in which their turn comes; the first of them in the first list. */
  let hurried: Lane[] = [];
  let ready: Lane[] = [];
  let running = 0;
  let count = 0;
  let idle = Promise.withResolvers<void>();
  idle.resolve();

  function next(): Lane | undefined {
    if (running < atOnce) return hurried.shift() ?? ready.shift();
    return running < atOnce + moreForFirst ? hurried.shift() : undefined;
  }

  function pump(): void {
    for (let lane = next(); lane !== undefined; lane = next()) {
      if (running === 0) idle = Promise.withResolvers<void>();
      running += 1;
      void run(lane);
    }
  }

  async function run(lane: Lane): Promise<void> {
    const one = lane.waiting.shift();
    if (one?.first === true) lane.firsts -= 1;
    lane.isRunning = true;
    try {
      await one?.work();
    } finally {
      count -= 1;
      running -= 1;
      lane.isRunning = false;
      if (lane.waiting.length > 0) (lane.firsts > 0 ? hurried : ready).push(lane);
      else lanes.delete(lane.name);
      pump();
      if (running === 0) idle.resolve();
    }
  }

  return {
    add: (name, first, work) => {
      count += 1;
      const known = lanes.get(name);
      const lane = known ?? { name, waiting: [], firsts: 0, isRunning: false };
      lane.waiting.push({ first, work });
      if (first) lane.firsts += 1;
      lanes.set(name, lane);
      if (known === undefined) (first ? hurried : ready).push(lane);
      else if (first && lane.firsts === 1 && !lane.isRunning) {
        ready.splice(ready.indexOf(lane), 1);
        hurried.push(lane);
      }
      pump();
    },
    size: () => count,
    stop: async () => {
      for (const lane of lanes.values()) {
        count -= lane.waiting.length;
        lane.waiting.length = 0;
        lane.firsts = 0;
        if (!lane.isRunning) lanes.delete(lane.name);
      }
      hurried = [];
      ready = [];
      await (running === 0 ? Promise.resolve() : idle.promise);
    },
  };
}
