/** What a change needs beside its transaction, as a command beside the daemon has it. */
import type { Boss } from '../../src/queue/boss.ts';
import type { Desk } from '../../src/queue/desk.ts';
import { queue } from './builders.ts';
import type { RunningApp } from './running-app.ts';

/** Without the daemon's knowledge: it looks for what others left. No alarm can be set. */
export function deskOf({ team }: RunningApp): Desk {
  const boss: Pick<Boss, 'sendIn' | 'cancel'> = {
    sendIn: () => Promise.reject(new Error('no alarm is set by forgetting')),
    cancel: () => Promise.resolve(),
  };
  const own = { ...queue(), name: 'it', triageChannel: team.triage.id };
  return {
    queues: new Map([['it', own]]),
    defaultQueue: own,
    responders: () => Promise.resolve(new Set()),
    boss,
    wakeOutbox: () => {},
    wakeInbox: () => {},
  };
}
