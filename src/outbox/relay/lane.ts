/** A run of rows of one lane: strictly one after the other, and all wait behind one that waits. */
import { type OutboxRow, postponeOutbox, releaseOutbox } from '../../store/outbox.ts';
import type { Db } from '../../store/pool.ts';
import { withTransaction } from '../../store/transaction.ts';
import { carryOut, type SendParts } from './send.ts';

export interface Run {
  readonly rows: readonly OutboxRow[];
  readonly stopping: AbortSignal;
  /** The row is out of our hands. */
  readonly letGo: (id: number) => void;
  /** Whether our leases are still good; those that are not must not be given back in another's name. */
  readonly isLeased: () => boolean;
}

/**
 * Carries rows out until all are done, one has to wait, or the relay stops; what is left is given back.
 * @returns when the lane goes on (epoch ms), null where nothing of it is known to wait
 * @throws the database's errors; then leases run out by themselves
 */
export async function runLane(parts: SendParts, run: Run): Promise<number | null> {
  const left = [...run.rows];
  const giveBack = async (db: Db): Promise<void> => {
    const ids = left.map(({ id }) => id);
    for (const id of ids) run.letGo(id);
    if (run.isLeased()) await releaseOutbox(db, ids);
  };
  for (const row of run.rows) {
    if (run.stopping.aborted) break;
    const outcome = await carryOut(parts, row, run.stopping);
    if (outcome.kind === 'lost') return null;
    if (outcome.kind === 'stopped') break;
    left.shift();
    run.letGo(row.id);
    if (outcome.kind === 'done') continue;
    const { at: retryAt, noted, attempts, reason, isKnown: isOutcomeKnown } = outcome;
    // Together, or somebody could lease the lane's rest before this relay gives it back.
    await withTransaction(parts.pool, async (tx) => {
      await postponeOutbox(tx, { id: row.id, noted, attempts, retryAt, reason, isOutcomeKnown });
      await giveBack(tx);
    });
    return retryAt;
  }
  await giveBack(parts.pool);
  return null;
}
