/** Short ways to make a change to a request in a spec and to look at what came of it. */
import type { Change, Refusal } from '../../src/domain/change.ts';
import type { Effect, Place, Saying } from '../../src/domain/effects.ts';
import { fireDue, nextDueAt } from '../../src/domain/follow-ups.ts';
import type { Request } from '../../src/domain/request.ts';
import type { Situation } from '../../src/domain/situation.ts';
import { textMark } from '../../src/domain/text-mark.ts';
import { type Outcome, transition } from '../../src/domain/transition.ts';
import { MINUTE, situation, T0 } from './builders.ts';

type Changed = Extract<Outcome, { kind: 'changed' }>;

/** Makes a change that has to be allowed. */
export function make(request: Request, change: Change, overrides: Partial<Situation> = {}): Changed {
  const outcome = transition(request, change, situation(overrides));
  if (outcome.kind === 'refused')
    throw new Error(`${change.kind} was refused: ${JSON.stringify(outcome.refusal)}`);
  return outcome;
}

/** The reason why a change is refused; null when it is allowed. */
export function refusal(
  request: Request,
  change: Change,
  overrides: Partial<Situation> = {},
): Refusal | null {
  const outcome = transition(request, change, situation(overrides));
  return outcome.kind === 'refused' ? outcome.refusal : null;
}

/** *Post it there* under the question about the text that is not shown yet. */
export function yes({ unshownText }: Pick<Request, 'unshownText'>): Change {
  return { kind: 'post', mark: textMark(unshownText ?? '') };
}

export function said(effects: readonly Effect[]): readonly { place: Place; saying: Saying }[] {
  return effects.flatMap((effect) =>
    effect.kind === 'say' ? [{ place: effect.place, saying: effect.saying }] : [],
  );
}

/** What was sent to one person by DM. */
export function sentTo(effects: readonly Effect[], user: string): readonly Saying[] {
  return said(effects)
    .filter(({ place }) => place.kind === 'person' && place.user === user)
    .map(({ saying }) => saying);
}

/** Who was asked by DM to take it, in order. */
export function askedUsers(effects: readonly Effect[]): readonly string[] {
  return said(effects).flatMap(({ saying }) => (saying.kind === 'ask_duty' ? [saying.user] : []));
}

/** Lets time go on until nothing is due before `untilAt`; what was said, with its time. */
export function follow(
  from: Request,
  untilAt: number,
  overrides: Partial<Situation> = {},
): { next: Request; at: readonly string[] } {
  const around = situation(overrides);
  let next = from;
  const at: string[] = [];
  for (;;) {
    const dueAt = nextDueAt(next, around.queue);
    if (dueAt === null || dueAt > untilAt) return { next, at };
    const fired = fireDue(next, { ...around, now: dueAt });
    next = fired.next;
    for (const { place, saying } of said(fired.effects)) {
      const to = place.kind === 'person' ? place.user : place.kind === 'channel' ? place.channel : place.kind;
      at.push(`${(dueAt - T0) / MINUTE}m ${saying.kind} ${to}`);
    }
  }
}
