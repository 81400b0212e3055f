/** The rest of what people can write, in all the ways that marked.ts leaves out. */
import type { Pool } from '../../src/store/pool.ts';
import { inHours, opened, openForm } from './pressing.ts';
import { type RunningApp, type RunningAppOptions, runningApp } from './running-app.ts';
import { type Asked, read, type Typing, typing } from './typing.ts';
import { waitFor } from './wait-for.ts';

const ASKED_AFTER_MS = 1000;

/** Whoever is on duty is asked soon; one more queue, whose triage channel everybody can read. */
export const WITH_PUBLIC_QUEUE = {
  times: `    ladder: { normal: [${ASKED_AFTER_MS / 1000}s, 4h, 8h, 2bd] }`,
  moreQueues: `  - name: press
    triage_channel: "#triage-press"
    rotation: ["@ana"]`,
} as const satisfies RunningAppOptions;

export function runningWithPublicQueue(options: RunningAppOptions = {}): Promise<RunningApp> {
  return runningApp({
    ...WITH_PUBLIC_QUEUE,
    before: (slack, { ana, ben }) => {
      slack.channels.add({ name: 'triage-press', members: [ana, ben] });
    },
    ...options,
    // What is said while no daemon runs is to be found by reading.
    slack: { offline: 'lose', patienceMs: 60_000 },
  });
}

/** Gives the words that are written in one way, and no other. */
type Words = (way: string) => string;

/** @returns what was written, by the way in which it was */
export async function writeOtherwise(
  running: RunningApp,
  mark: string,
): Promise<ReadonlyMap<string, string>> {
  const written = new Map<string, string>();
  const words: Words = (way) => {
    const text = `${mark} ${way}`;
    written.set(way, text);
    return text;
  };
  const typed = typing(running);
  await inGap(running, words);
  await byDm(running, typed, words);
  const form = await byForm(running, typed, words);
  await elsewhere(running, typed, words, form);
  await inVain(running, typed, words, form);
  await notFromOutside(running.database.pool, running.team.uli.id, words);
  return written;
}

/** Told of by nobody: read when it is late for them, and announced together to whoever is on duty. */
async function inGap(running: RunningApp, words: Words): Promise<void> {
  const { slack, team } = running;
  await running.app().stop();
  slack.say(team.uli, team.help, words('in a gap'));
  const last = slack.say(team.zoe, team.help, words('in the same gap'));
  await waitFor(() => Date.now() > Number(last) * 1000 + ASKED_AFTER_MS, 'both to be late');
  await running.restart();
  await hears(running, [team.ana, team.ben], 'Captured late');
  await running.settled();
}

/** One that moves to the public queue, and is not agreed to be shown there. */
async function byDm(running: RunningApp, typed: Typing, words: Words): Promise<void> {
  const { slack, team } = running;
  const { zoe, ben, triage } = team;
  const { id, ts, card } = await typed.askByDm(words('a direct message'), zoe);
  slack.dm(zoe, words('added to that'));
  await hears(running, [zoe], 'Added to');
  slack.say(ben, triage, `<@${slack.botUserId}> ${words('a note under a card')}`, { threadTs: card.ts });
  slack.dm(zoe, words('on the other side'), { threadTs: ts, files: [{ name: words('a file there') }] });
  await running.settled();
  await typed.slash(ben, `move #${id} press`);
  await hears(running, [zoe], 'everybody here can read');
}

async function byForm(running: RunningApp, typed: Typing, words: Words): Promise<Asked> {
  const { slack, team } = running;
  const { uli, ana, ben } = team;
  await slack.shortcut(uli, 'new_request');
  await opened(running, uli, 'New request');
  await slack.submit(uli, { text: words('the form of a new request') });
  const form = await cardOf(running, words('the form of a new request'));
  await fill(running, ana, form, 'hold', 'Put on hold', {
    until: inHours(3),
    reason: words('why it is on hold, by form'),
  });
  await fill(running, ben, form, 'resolve_note', 'Resolve', { note: words('a note by form') });
  await typed.slash(uli, `reopen #${form.id}`);
  await hears(running, [ana], 're-opened');
  for (const who of [uli, ana]) {
    await typed.slash(who, `remind #${form.id} in 1s`);
    await hears(running, [who], 'reminded of');
  }
  return form;
}

/** In a channel from which only some messages are taken. */
async function elsewhere(running: RunningApp, typed: Typing, words: Words, form: Asked): Promise<void> {
  const { slack, team } = running;
  const { uli, zoe, ana, ben } = team;
  const lounge = slack.channels.add({ name: 'lounge', members: [uli, zoe, slack.bot] });
  const ticket = slack.say(uli, lounge, words('under a ticket'));
  slack.react(zoe, { channel: lounge.id, ts: ticket }, 'ticket');
  const declined = await cardOf(running, words('under a ticket'));
  await fill(running, ana, declined, 'decline', 'Decline', {
    reason: words('why it was declined, by form'),
  });
  const ts = slack.say(uli, lounge, words('under a shortcut'));
  await slack.shortcut(zoe, 'triage_this', { channel: lounge.id, ts });
  const again = await cardOf(running, words('under a shortcut'));
  slack.edit(uli, { channel: lounge.id, ts }, words('an edit'));
  await running.shows(again.card, words('an edit'));
  await typed.slash(ben, `duplicate #${again.id} of #${form.id}`);
}

/** What is refused or only answered: it changes no request. */
async function inVain(running: RunningApp, typed: Typing, words: Words, form: Asked): Promise<void> {
  const { ana, ben, uli, zoe, help } = running.team;
  await typed.slash(uli, words('no command'));
  typed.sayTo(zoe, help, `hold #1 until ${words('a command to no avail')}`);
  await typed.dm(ana, `resolve #999 ${words('a refusal')}`, 'no request');
  await typed.dm(ben, `show #${form.id}`, 'the form of a new request');
  await running.settled();
}

/** What nobody can bring about from outside: an event that was given up, and an error that tells of a row. */
async function notFromOutside(pool: Pool, user: string, words: Words): Promise<void> {
  await pool.query(
    `insert into inbox (event_id, lane, type, is_interactive, body, received_at, lease_until, done_at, outcome, reason)
      values ('given-up', 'C1', 'events_api', false, $1, now(), now(), now(), 'failed', 'TypeError')`,
    [JSON.stringify({ event: { user, text: words('an event that was given up') } })],
  );
  await pool.query(`insert into pgboss.job (name, state, output) values ('prune', 'failed', $1)`, [
    JSON.stringify({ detail: `Failing row contains (${words('a job that failed')}).` }),
  ]);
}

async function fill(
  running: RunningApp,
  who: { readonly id: string },
  asked: Asked,
  action: string,
  title: string,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  await openForm(running, who, asked, action, title);
  await running.slack.submit(who, { ...values });
  await running.settled();
}

async function cardOf(running: RunningApp, words: string): Promise<Asked> {
  const card = await running.cardOf(words);
  await running.settled();
  return { ts: card.ts, card, id: running.numberOf(card) };
}

/** Waits until one of these people is told so by DM. */
function hears(
  { slack }: RunningApp,
  people: readonly { readonly id: string }[],
  words: string,
): Promise<unknown> {
  return slack.waitFor(
    () =>
      people
        .flatMap((who) => slack.messages(slack.dmOf(who)))
        .some((one) => one.user === slack.botUserId && read(one).includes(words)),
    `a DM that says ${words}`,
  );
}
