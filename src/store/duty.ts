/** SQL verbs of `duty_overrides`: somebody put on duty by hand. */
import type { DutyOverride } from '../domain/rotation.ts';
import type { Db } from './pool.ts';
import { at } from './rows.ts';

/** Who was put on duty by hand and still is; null when the rotation decides. */
export async function readDutyOverride(db: Db, queue: string, now: number): Promise<DutyOverride | null> {
  const { rows } = await db.query<{ user_id: string; until_at: number }>({
    name: 'read-duty-override',
    text: 'select user_id, until_at from duty_overrides where queue = $1 and until_at > $2',
    values: [queue, at(now)],
  });
  const row = rows[0];
  return row === undefined ? null : { user: row.user_id, untilAt: row.until_at };
}

/** Puts somebody on duty until an instant (epoch ms), in place of an earlier override. */
export async function saveDutyOverride(
  db: Db,
  queue: string,
  override: DutyOverride,
  setBy: string,
): Promise<void> {
  await db.query({
    name: 'save-duty-override',
    text: `insert into duty_overrides (queue, user_id, until_at, set_by) values ($1, $2, $3, $4)
      on conflict (queue) do update set user_id = excluded.user_id, until_at = excluded.until_at, set_by = excluded.set_by`,
    values: [queue, override.user, at(override.untilAt), setBy],
  });
}
