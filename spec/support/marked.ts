/** A team that writes one word everywhere where text can be kept, and where that word is to be found. */
import type { Pool } from '../../src/store/pool.ts';
import type { LocalSlack } from '../workspace/local-slack.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Message } from '../workspace/wire.ts';
import type { RunningApp } from './running-app.ts';
import { age } from './stored.ts';
import { type Asked, minutesAgo, typing } from './typing.ts';
import { waitFor } from './wait-for.ts';

/** The tables, of every schema, that have a row in which these words (ASCII) stand, with how many rows. */
export async function tablesWith(pool: Pool, words: string): Promise<Readonly<Record<string, number>>> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'm') and n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%' order by 1`,
  );
  const found: Record<string, number> = {};
  for (const { name } of tables) {
    const { rows } = await pool.query<{ n: number }>(
      `select count(*)::integer as n from ${name} as t where position($1 in t::text) > 0 or position($2 in t::text) > 0`,
      // A bytea shows as hexadecimal digits.
      [words, Buffer.from(words).toString('hex')],
    );
    if (rows[0] !== undefined && rows[0].n > 0) found[name] = rows[0].n;
  }
  return found;
}

/** The messages of ours, in any channel, in which these words stand anywhere; not those for one person's eyes only. */
export function ourMessagesWith(slack: LocalSlack, words: string): readonly Message[] {
  return [...slack.world.channels.values()]
    .flatMap(({ messages }) => messages)
    .filter((one) => one.user === slack.botUserId && JSON.stringify(one).includes(words));
}

export interface Copies {
  readonly tables: Readonly<Record<string, number>>;
  /** What of ours shows it, as JSON: messages of any channel, and people's Home. */
  readonly slack: readonly string[];
}

/** Wherever these words stand that is not somebody's own message in Slack. */
export async function copiesOf({ slack, database }: RunningApp, words: string): Promise<Copies> {
  const homes = [...slack.world.homes.values()].map(({ body }) => JSON.stringify(body));
  return {
    tables: await tablesWith(database.pool, words),
    slack: [
      ...ourMessagesWith(slack, words).map((one) => JSON.stringify(one)),
      ...homes.filter((home) => home.includes(words)),
    ],
  };
}

/** Has a job run now that its cron line would send later, and waits until it has. */
export async function runJob(pool: Pool, queue: string): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(
    'insert into pgboss.job (name) values ($1) returning id',
    [queue],
  );
  await waitFor(
    async () => {
      const { rows: jobs } = await pool.query<{ state: string }>(
        'select state from pgboss.job where id = $1',
        [rows[0]?.id],
      );
      return jobs[0]?.state === 'completed';
    },
    `${queue} to have run`,
    30_000,
  );
}

export interface Marked {
  /** In #help-it: asked about by DM, held, resolved with a note, confirmed. */
  readonly channel: Asked;
  /** By DM, with words on both sides, declined. */
  readonly dm: Asked;
  /** By the form's command: no message. */
  readonly command: Asked;
}

/** uli asks in every way, ana, ben and zoe write about it; all of it holds `mark`, and all of it is over in the end. */
export async function writeEverywhere(running: RunningApp, mark: string): Promise<Marked> {
  const { slack, team } = running;
  const { uli, ana, ben, zoe } = team;
  const typed = typing(running);
  // So late that the person on duty is asked at once, by a DM that quotes it.
  const ts = minutesAgo(90);
  slack.say(uli, team.help, `${mark} in the channel`, { ts, files: [{ name: `${mark}.png` }] });
  const card = await running.cardOf(`${mark} in the channel`);
  await running.settled();
  const channel: Asked = { ts, card, id: running.numberOf(card) };
  await slack.waitFor(
    () => dmsWith(running, ana, mark) + dmsWith(running, ben, mark) > 0,
    'duty to be asked',
  );
  slack.edit(uli, { channel: team.help.id, ts }, `${mark} in the channel, edited`);
  await running.shows(card, 'edited');
  slack.say(zoe, team.help, `${mark} too, says a third`, { threadTs: ts });
  await typed.slash(ana, `claim #${channel.id}`, team.triage);
  slack.say(ana, team.help, `${mark}, says ana`, { threadTs: ts });
  slack.say(ben, team.triage, `${mark} under the card`, { threadTs: card.ts });
  await typed.slash(ana, `hold #${channel.id} until in 2s ${mark} is on its way`, team.triage);
  await slack.waitFor(() => dmsWith(running, ana, `${mark} is on its way`) > 0, 'the hold to be over');
  await typed.slash(ben, `hold #${channel.id} until in 2h ${mark} again`, team.triage);
  await typed.dm(uli, `show #${channel.id}`, mark);
  await typed.dm(uli, 'list mine', mark);
  await typed.slash(ana, `resolve #${channel.id} ${mark} is the answer`, team.triage);
  await slack.waitFor(
    () => typed.threadText(team.help, ts).includes(`${mark} is the answer`),
    'the note to be said',
  );
  await slack.press(uli, await lineWith(running, team.help.id, ts, 'Does it work?'), 'It works');
  await running.shows(card, 'closed');

  const dm = await typed.askByDm(`${mark} by DM`);
  slack.dm(uli, `${mark}, says uli`, { threadTs: dm.ts });
  await slack.waitFor(
    () => typed.threadText(team.triage, dm.card.ts).includes(`${mark}, says uli`),
    'a copy under the card',
  );
  slack.say(ben, team.triage, `${mark}, says ben`, { threadTs: dm.card.ts });
  await slack.waitFor(
    () => typed.threadText(slack.dmOf(uli), dm.ts).includes(`${mark}, says ben`),
    'a copy in the DM',
  );
  slack.say(ben, team.triage, `🔒 ${mark}, says ben inside`, { threadTs: dm.card.ts });
  await running.settled();
  await typed.slash(ben, `assign #${dm.id} <@${ana.id}>`, team.triage);
  await typed.slash(ben, `decline #${dm.id} ${mark} is not for us`, team.triage);
  await running.shows(dm.card, 'declined');

  await typed.slash(uli, `new ${mark} by command`);
  const commands = await running.cardOf(`${mark} by command`);
  await running.settled();
  const command: Asked = { ts: commands.ts, card: commands, id: running.numberOf(commands) };
  await typed.slash(uli, `withdraw #${command.id}`);
  await running.shows(commands, 'withdrawn');
  await running.settled();
  return { channel, dm, command };
}

/** Lets requests look as if they had ended so long ago. */
export async function endedAgo(running: RunningApp, asked: readonly Asked[], ms: number): Promise<void> {
  for (const { id } of asked) await age(running, id, ms);
}

function dmsWith(running: RunningApp, who: { readonly id: string }, words: string): number {
  return ourMessagesWith(running.slack, words).filter((one) =>
    running.slack.messages(running.slack.dmOf(who)).includes(one),
  ).length;
}

async function lineWith(
  running: RunningApp,
  channel: string,
  threadTs: string,
  words: string,
): Promise<{ readonly channel: string; readonly ts: string }> {
  const found = await running.slack.waitFor(
    () =>
      running.slack
        .thread(channel, threadTs)
        .findLast((one) => one.user === running.slack.botUserId && textOf(one).includes(words)),
    `a line with "${words}"`,
  );
  return { channel, ts: found.ts };
}
