/** How TrIAge is, in words. */
import type { Panel } from '../face/wire.ts';
import type { Json } from '../wire.ts';
import { shortLength } from './moments.ts';

export type Health = 'well' | 'ill' | 'away';

export interface PartWords {
  readonly name: string;
  readonly health: Health;
  readonly words: string;
}

const NAMES: Readonly<Record<string, string>> = {
  slack: 'Slack',
  postgres: 'Postgres',
  schema: 'Schema',
  inbox: 'Inbox',
  outbox: 'Outbox',
  catch_up: 'Catch-up',
  redis: 'Redis',
};

export function readyWords({ ready }: Pick<Panel, 'ready'>): { health: Health; words: string } {
  if (ready === null) return { health: 'away', words: 'No answer' };
  return ready.status === 200 ? { health: 'well', words: 'Ready' } : { health: 'ill', words: 'Not ready' };
}

export const SIGN: Readonly<Record<Health, string>> = { well: '✓', ill: '✕', away: '○' };

export function partsOf({ ready }: Pick<Panel, 'ready'>): readonly PartWords[] {
  return Object.entries(ready?.parts ?? {}).map(([name, part]) => ({
    name: NAMES[name] ?? name,
    health: part['ok'] === false ? 'ill' : 'well',
    words: wordsOf(part),
  }));
}

/** `connected, 2 sockets`: what is nothing, or none, is left out. */
function wordsOf(part: Json): string {
  const words = Object.entries(part).flatMap(([name, value]): readonly string[] => {
    if (name === 'ok' || value === null || value === '' || value === 0 || value === false) return [];
    if (name === 'state' && typeof value === 'string') return [value];
    const label = name.replaceAll(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll('_', ' ');
    if (value === true) return [label];
    return typeof value === 'number'
      ? [`${label} ${value}`]
      : typeof value === 'string'
        ? [`${label}: ${value}`]
        : [];
  });
  return words.length > 0 ? words.join(', ') : part['ok'] === false ? 'ill' : 'well';
}

export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly about: string;
  readonly isBad: boolean;
  /** What the little curve is made of; null: it has none. */
  readonly level: number | null;
}

const unknown = '–';

/** @param now the show's time (epoch ms) */
export function figuresOf(panel: Panel, now: number): readonly Figure[] {
  const { sockets, inbox, outbox, timers, deliveries, requests, doubled } = panel;
  const { sent, acked, waiting, lost, ackP99Ms } = deliveries;
  const next = timers === null || timers.nextAt === null ? '' : ` · next ${nextIn(timers.nextAt, now)}`;
  return [
    figure('Sockets', String(sockets), 'open connections to Slack', sockets === 0, sockets),
    figure(
      'Inbox',
      inbox === null ? unknown : `${inbox.waiting} waiting`,
      `events that are to be handled; ${inbox?.done ?? 'unknown'} done`,
      false,
      inbox?.waiting ?? null,
    ),
    figure(
      'Outbox',
      outbox === null ? unknown : `${outbox.waiting} waiting`,
      `writes that Slack has yet to take; ${outbox?.done ?? 'unknown'} done`,
      false,
      outbox?.waiting ?? null,
    ),
    figure(
      'Timers',
      timers === null ? unknown : `${timers.pending}${next}`,
      'alarms that are set',
      false,
      null,
    ),
    figure(
      'Acks p99',
      ackP99Ms === null ? unknown : `${Math.round(ackP99Ms)} ms`,
      'how soon Slack was told “I have it”; 99 of 100 were as fast',
      (ackP99Ms ?? 0) > 3000,
      ackP99Ms,
    ),
    figure(
      'Events',
      `${acked} of ${acked + waiting + lost}`,
      `acknowledged of what Slack told; it sent ${sent} times, repeats included, and ${waiting} are under way`,
      false,
      waiting,
    ),
    figure('Lost', String(lost), 'events that Slack has given up on', lost > 0, null),
    figure(
      'Requests',
      requests === null ? unknown : String(requests),
      'requests in the database',
      false,
      null,
    ),
    figure('Said twice', String(doubled), 'messages of TrIAge that stand twice in Slack', doubled > 0, null),
  ];
}

function nextIn(at: number, now: number): string {
  return at <= now ? 'now' : `in ${shortLength(at - now)}`;
}

function figure(label: string, value: string, about: string, isBad: boolean, level: number | null): Figure {
  return { label, value, about, isBad, level };
}
