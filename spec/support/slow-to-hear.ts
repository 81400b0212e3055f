import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from '../../src/store/pool.ts';

const LATE_MS = 50;

/** The same pool, whose commits are heard of a moment after they have happened, as over a slow network. */
export function slowToHear(pool: Pool): Pool {
  return {
    ...pool,
    connect: async () => {
      const client = await pool.connect();
      return new Proxy(client, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name, target);
          if (typeof value !== 'function') return value;
          return async (...args: unknown[]) => {
            const result: unknown = await Reflect.apply(value, target, args);
            if (/^commit/i.test(String(args[0]))) await sleep(LATE_MS);
            return result;
          };
        },
      });
    },
  };
}
