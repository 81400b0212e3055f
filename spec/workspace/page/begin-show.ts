/** The shows that one can begin, and what is asked before: all of the one that is on goes. */
import type { StageKind, StageWish } from '../face/wire.ts';
import type { Question } from './show.tsx';

export const SHOWS = {
  time: { label: 'Time', about: 'a clock that you can run faster or move' },
  faults: { label: 'Faults', about: 'a daemon that you can hurt, in real time' },
} as const satisfies Record<StageWish['kind'], { label: string; about: string }>;

export function beforeBegin(kind: StageWish['kind'], current: StageKind): Question {
  const { label, about } = SHOWS[kind];
  const isAnew = kind === current;
  const what = isAnew ? `The show “${label}” starts over.` : `It has ${about}. All begins anew.`;
  return {
    title: isAnew ? 'Begin anew?' : `Begin the show “${label}”?`,
    text: `${what} The messages and requests of this show are gone then.`,
    confirm: isAnew ? 'Begin anew' : 'Begin',
    deny: 'Stay here',
    isDangerous: false,
  };
}
