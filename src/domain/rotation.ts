/** Whose turn it is. Turns repeat without end in both directions from the rotation's start. */
import { DateTime } from 'luxon';
import type { Rotation } from './queue.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface Duty {
  /** Slack user id. */
  readonly user: string;
  /** Where `nextAfter` goes on: the user's place in the rotation; for a stand-in, that of the person replaced. */
  readonly index: number;
  /** End of the turn, or of the override (epoch ms). */
  readonly untilAt: number;
}

/** Somebody put on duty by hand, whatever the rotation says, until an instant (epoch ms). */
export interface DutyOverride {
  readonly user: string;
  readonly untilAt: number;
}

/**
 * The person on duty at `now` (epoch ms). An override counts until its end and need not name somebody of the
 * rotation. Null when the rotation is empty and nothing overrides it. Whether that person can still respond is
 * the caller's to ask, and then `nextAfter`'s to answer.
 */
export function dutyAt(rotation: Rotation, now: number, override: DutyOverride | null = null): Duty | null {
  const turn = turnAt(rotation, now);
  if (override !== null && now < override.untilAt) {
    const place = rotation.people.indexOf(override.user);
    return { ...override, index: place === -1 ? (turn?.index ?? 0) : place };
  }
  return turn;
}

/** Who is on duty of those whom `isUnfit` does not refuse: the person whose turn it is, or else the next in rotation. */
export function dutyAmong(
  rotation: Rotation,
  now: number,
  override: DutyOverride | null,
  isUnfit: (user: string) => boolean,
): Duty | null {
  const turn = dutyAt(rotation, now, override);
  if (turn === null || !isUnfit(turn.user)) return turn;
  const next = nextAfter(rotation, turn.index, isUnfit);
  return next === null ? null : { ...next, untilAt: turn.untilAt };
}

/**
 * The next person in rotation after `from` (a place in the rotation, or a user) whom `skip` does not refuse;
 * never `from` itself. After a user who is not in the rotation it starts with the first. Null when nobody is left.
 */
export function nextAfter(
  rotation: Rotation,
  from: string | number,
  skip: (user: string) => boolean = () => false,
): { readonly user: string; readonly index: number } | null {
  const { people } = rotation;
  const start = typeof from === 'number' ? from : people.indexOf(from);
  const order = people.map((user, index) => ({ user, index }));
  const afterwards = [...order.slice(start + 1), ...order.slice(0, Math.max(start, 0))];
  return afterwards.find(({ user }) => !skip(user)) ?? null;
}

function turnAt(rotation: Rotation, now: number): Duty | null {
  const { people, turnMs, fromMs } = rotation;
  let turn = Math.floor((now - fromMs) / turnMs);
  // The estimate is off by a turn where days of 23 or 25 hours lie between (or a whole day that a zone once skipped).
  while (startOfTurn(rotation, turn) > now) turn -= 1;
  while (startOfTurn(rotation, turn + 1) <= now) turn += 1;
  const index = ((turn % people.length) + people.length) % people.length;
  const user = people[index];
  return user === undefined ? null : { user, index, untilAt: startOfTurn(rotation, turn + 1) };
}

/** First instant of a turn, counted from the rotation's start (epoch ms). */
function startOfTurn({ turnMs, fromMs, zone }: Rotation, turn: number): number {
  if (turnMs % DAY_MS !== 0) return fromMs + turn * turnMs;
  return DateTime.fromMillis(fromMs, { zone })
    .plus({ days: turn * (turnMs / DAY_MS) })
    .toMillis();
}
