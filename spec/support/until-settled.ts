import type { Pool } from '../../src/store/pool.ts';
import { waitFor } from './wait-for.ts';

/**
 * Waits until all that Slack told is handled and all that is to be said is said: for what must not happen.
 * @param timeoutMs `waitFor`'s when absent
 */
export function untilSettled(
  slack: { readonly unsettled: () => number },
  pool: Pool,
  timeoutMs?: number,
): Promise<unknown> {
  return waitFor(
    async () => {
      if (slack.unsettled() > 0) return false;
      const { rows } = await pool.query<{ n: number }>(
        'select (select count(*) from inbox where done_at is null) + (select count(*) from outbox) as n',
      );
      return rows[0]?.n === 0;
    },
    'everything to be handled and said',
    timeoutMs,
  );
}
