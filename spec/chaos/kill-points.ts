/** The table of moments at which a daemon is killed, each named by what has just happened and what has not. */
import { expect } from 'chai';
import type { Statement } from '../support/postgres-wire.ts';
import type { Story, StoryOptions } from './story.ts';

/** A statement on its way up to the server, or one whose answer is on its way down: that one the server has done. */
export interface Spot {
  readonly way: 'up' | 'down';
  readonly is: (statement: Statement, story: Story) => boolean;
  /** The first one when absent. */
  readonly nth?: number;
}

export interface KillPoint {
  /** Completes "killed …". */
  readonly when: string;
  readonly at: Spot;
  /** The next life is killed too. */
  readonly again?: Spot;
  /** SIGTERM comes here, and SIGKILL after it. */
  readonly termAt?: Spot;
  /** Killed while it starts; what people write comes after. */
  readonly isStart?: true;
  /** What people do; `arm` begins to wait for the moment. Absent: `everyday`. */
  readonly act?: (story: Story, arm: () => void) => Promise<void>;
  /** What more has to be so in the end. */
  readonly andThen?: (story: Story) => Promise<void>;
}

/** One team and one database, whose daemon is killed in one moment after the other. */
export interface Chain {
  readonly options: StoryOptions;
  readonly points: readonly KillPoint[];
}

/** Some write in the channel, one by DM. */
export function everyday(story: Story): void {
  for (let nth = 0; nth < 3; nth += 1) story.ask();
  story.ask('dm');
}

const up = (is: Spot['is'] | string, nth = 1): Spot => ({ way: 'up', is: asTest(is), nth });
const down = (is: Spot['is'] | string, nth = 1): Spot => ({ way: 'down', is: asTest(is), nth });

function asTest(is: Spot['is'] | string): Spot['is'] {
  return typeof is === 'string' ? ({ text }) => text === is : is;
}

/** The COMMIT of a transaction that has these statements. */
const commitOf =
  (...texts: readonly RegExp[]) =>
  ({ text, transaction }: Statement): boolean =>
    text === 'COMMIT' && texts.every((wanted) => transaction.some((each) => wanted.test(each)));

const countIn = ({ transaction }: Statement, name: string): number =>
  transaction.filter((each) => each === name).length;

const AN_EVENT = commitOf(/^insert-request$/, /^finish-event$/);
const FIRST = /create table inbox/;
const LATER = /^INSERT INTO schema_migrations/;

/** All steps of the ladder within seconds. */
const LADDER = `    ladder: { normal: [2s, 3s, 4s, 5s] }
`;

async function batch(story: Story, arm: () => void): Promise<void> {
  arm();
  for (let nth = 0; nth < 12; nth += 1) story.ask();
}

/** Somebody presses a button, and nothing else is under way. */
async function press(story: Story, arm: () => void): Promise<void> {
  const word = story.ask();
  await story.cardOf(word);
  await story.settled();
  arm();
  // It is pressed until somebody hears it, in this life or the next.
  story.take(word).catch(() => {});
}

/** Each step of each ladder, once: two are asked, the lead and the managers are told. */
async function eachStepOnce({ slack, team, settled, words }: Story): Promise<void> {
  const all = words().length;
  const count = (where: string | { id: string }, text: RegExp): number =>
    slack.messages(where).filter((one) => one.user === slack.botUserId && text.test(one.text)).length;
  const toManagers = () => count(team.managers, /^Nobody has taken #/);
  await slack.waitFor(() => toManagers() >= all, 'the escalations', 30_000);
  await settled();
  expect([team.ana, team.ben].map((who) => count(slack.dmOf(who), /Nobody has #\d+ yet/))).to.deep.equal([
    all,
    all,
  ]);
  expect(count(team.triage, /^Nobody has taken #/)).to.equal(all);
  expect(toManagers()).to.equal(all);
}

const isSaid = ({ slack, team, words }: Story): boolean =>
  slack
    .thread(team.help, words().at(-1)?.ts ?? '')
    .some((one) => one.user === slack.botUserId && / has #\d+ now/.test(one.text));

export const CHAINS: readonly Chain[] = [
  {
    options: {},
    points: [
      { when: 'before the commit of what Slack told', at: up('accept-events') },
      { when: 'after that commit and before the acknowledgement', at: down('accept-events') },
    ],
  },
  {
    options: {},
    points: [{ when: 'in the middle of a batch of events', at: up('finish-event', 7), act: batch }],
  },
  {
    options: {},
    points: [{ when: 'after a post is noted and before it is sent', at: down('note-attempt') }],
  },
  {
    options: {},
    points: [
      { when: 'before the commit of an event’s effect', at: up(AN_EVENT) },
      { when: 'after that commit and before it knows', at: down(AN_EVENT) },
    ],
  },
  {
    options: {},
    points: [
      {
        when: 'twice: before an acknowledgement, and when the next life takes up what was left',
        at: down('accept-events'),
        again: up('insert-request'),
      },
      {
        when: 'after Slack’s answer to a post and before our commit',
        at: up(({ text }, { slack }) => text === 'finish-outbox' && slack.countOf('chat.postMessage') > 0),
      },
    ],
  },
  {
    options: {},
    points: [
      {
        when: 'after the commit of a press and before its acknowledgement',
        at: down('accept-events'),
        act: press,
      },
      { when: 'after the commit of a post and before it knows', at: down(commitOf(/^finish-outbox$/)) },
    ],
  },
  {
    options: {},
    points: [
      {
        when: 'after a thing was said and before our commit',
        at: up(({ text }, story) => text === 'finish-outbox' && isSaid(story)),
        act: press,
      },
    ],
  },
  {
    options: {},
    points: [
      {
        when: 'while it stops, before the commit of an event',
        termAt: up('insert-request'),
        at: up(AN_EVENT),
      },
      {
        when: 'while it stops, after Slack’s answer to a post',
        termAt: down('note-attempt'),
        at: up('finish-outbox'),
      },
    ],
  },
  {
    options: { times: LADDER },
    points: [
      {
        when: 'in the middle of a batch of timers',
        at: up((statement) => statement.text === 'save-request' && countIn(statement, 'save-request') === 3),
        act: batch,
        andThen: eachStepOnce,
      },
      {
        when: 'after the commit of a batch of timers and before it knows',
        at: down((statement) => commitOf(/pgboss/)(statement) && countIn(statement, 'save-request') > 1),
        act: batch,
        andThen: eachStepOnce,
      },
    ],
  },
  {
    options: { schema: 'empty' },
    points: [
      { when: 'while it starts, by its first statement', at: up(() => true) },
      {
        when: 'while it starts, in the middle of the first migration',
        at: up(({ text }) => FIRST.test(text)),
      },
      { when: 'while it starts, before the commit of the first migration', at: up(commitOf(FIRST)) },
      { when: 'while it starts, after that commit and before it knows', at: down(commitOf(FIRST)) },
      {
        when: 'while it starts, before the timers have their tables',
        at: up(({ text }) => /create schema/i.test(text)),
      },
      {
        when: 'while it starts, when they have them',
        at: down(({ text }) => /create schema/i.test(text)),
      },
    ].map(started),
  },
  {
    options: { schema: '0001' },
    points: [
      { when: 'while it starts, in the middle of a later migration', at: up(({ text }) => LATER.test(text)) },
      { when: 'while it starts, after the commit of a later migration', at: down(commitOf(LATER)) },
      {
        when: 'while it starts, in the middle of making the timers’ queues',
        at: down(({ text }) => /INSERT INTO pgboss\.schedule/.test(text)),
      },
      { when: 'while it starts, by its first look into the outbox', at: up('lease-outbox') },
    ].map(started),
  },
];

function started(point: KillPoint): KillPoint {
  return { ...point, isStart: true };
}
