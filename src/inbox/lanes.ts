/** Work in lanes: what shares a lane runs in order, one after the other; lanes run side by side, some at a time. */
export interface Lanes {
  /** @param first runs before what waits in other lanes, but never before its own lane's earlier work */
  add(lane: string, first: boolean, work: () => Promise<void>): void;
  /** How many wait or run. */
  size(): number;
  /** Drops what has not begun; resolves when what has is over. */
  stop(): Promise<void>;
}

/** @param atOnce how many lanes run side by side. `work` must not reject. */
export function createLanes(atOnce: number): Lanes {
  const lanes = new Map<string, (() => Promise<void>)[]>();
  let ready: string[] = [];
  let running = 0;
  let count = 0;
  let idle = Promise.withResolvers<void>();
  idle.resolve();

  function pump(): void {
    while (running < atOnce) {
      const lane = ready.shift();
      if (lane === undefined) return;
      if (running === 0) idle = Promise.withResolvers<void>();
      running += 1;
      void run(lane);
    }
  }

  async function run(lane: string): Promise<void> {
    const work = lanes.get(lane)?.shift();
    try {
      await work?.();
    } finally {
      count -= 1;
      running -= 1;
      if ((lanes.get(lane)?.length ?? 0) > 0) ready.push(lane);
      else lanes.delete(lane);
      pump();
      if (running === 0) idle.resolve();
    }
  }

  return {
    add: (lane, first, work) => {
      count += 1;
      const waiting = lanes.get(lane);
      if (waiting !== undefined) {
        waiting.push(work);
        return;
      }
      lanes.set(lane, [work]);
      if (first) ready.unshift(lane);
      else ready.push(lane);
      pump();
    },
    size: () => count,
    stop: async () => {
      count -= ready.reduce((sum, lane) => sum + (lanes.get(lane)?.length ?? 0), 0);
      for (const lane of ready) lanes.delete(lane);
      ready = [];
      for (const waiting of lanes.values()) {
        count -= waiting.length;
        waiting.length = 0;
      }
      await (running === 0 ? Promise.resolve() : idle.promise);
    },
  };
}
