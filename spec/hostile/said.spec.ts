import { expect } from 'chai';
import fc from 'fast-check';
import { after as afterAll, before as beforeAll, describe, it } from 'mocha';
import type { Message, View } from '../workspace/wire.ts';
import { inBatches } from './fuzz.ts';
import { type HostileApp, hostileApp } from './hostile-app.ts';
import { CANARY } from './shapes.ts';
import { actingIn } from './shown.ts';
import { hostileText } from './texts.ts';

const BATCH = 25;

/** What somebody writes, and whether Slack has made tokens of what looks like them. */
const writings = fc.record({ text: hostileText, isEscaped: fc.boolean() });

describe('the running app, told anything that people can write', () => {
  let app: HostileApp;

  beforeAll(async () => {
    app = await hostileApp();
  });

  afterAll(() => app.stop());

  /** All that the bot has put anywhere: messages, ephemerals, modals. */
  function shown(): readonly (Pick<Message, 'text'> | View['body'])[] {
    const { world, botUserId } = app.slack;
    const messages = [...world.channels.values()].flatMap((channel) => channel.messages);
    return [
      ...messages.filter((message) => message.user === botUserId),
      ...world.ephemerals,
      ...[...world.views.values()].map((view) => view.body),
    ];
  }

  /** Rings only for those whom the bot means to ring for, links only to messages, and formats nothing of theirs. */
  function nothingActs(): void {
    const { team, slack } = app;
    const called = [team.uli, team.ana, team.ben, team.lea, slack.bot].map(({ id }) => id).join('|');
    const meant = new RegExp(
      `^<(?:@(?:${called})|#${team.triage.id}|!date\\^\\d+\\^[^<>|^]*\\|[^<>|]*|https://[\\w-]+\\.slack\\.com/archives/[^<>|]*\\|[^<>|]*)>$`,
    );
    for (const each of shown()) {
      const { parsed, leaves, all } = actingIn(each);
      for (const text of parsed) {
        for (const token of text.match(/<[^<>]*>/g) ?? []) expect(token).to.match(meant);
        expect(text.replaceAll(/<[^<>]*>/g, '')).not.to.match(/[<>]|&(?!(?:amp|lt|gt);)/);
      }
      expect(leaves.filter((type) => type !== 'text')).to.deep.equal([]);
      for (const text of all)
        expect(text).not.to.match(/(?![\n\t\r])\p{Cc}|[\u202a-\u202e\u2066-\u2069]|\p{Cs}/u);
    }
  }

  const answersTo = (who: { readonly id: string }): number =>
    app.slack.ephemerals(who).length + app.slack.views(who).length;

  async function closeForms(who: { readonly id: string }): Promise<void> {
    while (app.slack.views(who).length > 0) await app.slack.dismiss(who);
  }

  /** Somebody gives commands, one after the other, and each is acknowledged. */
  async function command(who: { readonly id: string }, lines: readonly string[]): Promise<void> {
    for (const line of lines) {
      const { error } = await app.slack.slash(who, app.team.help, '/triage', line);
      expect(error).to.equal(undefined);
      await closeForms(who);
    }
  }

  /** The requests made of these messages, in their order. */
  async function requestsOf(sources: readonly string[]): Promise<readonly number[]> {
    const { rows } = await app.database.pool.query<{ id: number; source_ts: string }>(
      'select id, source_ts from requests where source_ts = any($1)',
      [sources],
    );
    expect(rows).to.have.length(sources.length);
    return sources.map((ts) => rows.find((row) => row.source_ts === ts)!.id);
  }

  it('makes a request of it or answers, and nothing that people wrote rings, links or breaks a block', async () => {
    const { slack, team, ids } = app;
    await inBatches(writings, BATCH, 2, async (batch) => {
      // Slack sends no empty message.
      const all = batch.map(({ text, isEscaped }) => ({
        words: (text === '' ? ' ' : text).replaceAll('<@UZOE>', `<@${team.zoe.id}>`),
        options: { isEscaped },
      }));
      const [name = '', other = ''] = all.map(({ words }) => words);
      slack.people.change(team.uli, { displayName: name, realName: name });
      slack.people.change(team.ana, { displayName: other });
      slack.channels.rename(team.help, other.slice(0, 200).toWellFormed());
      await app.settled();

      const inDm = (): number => slack.messages(ids.dm).filter(({ user }) => user === slack.botUserId).length;
      const [saidInDm, cards] = [inDm(), app.cards().length];
      const sources = all.map(({ words, options }) =>
        slack.say(team.uli, team.help, words, {
          ...options,
          files: [{ name: words + CANARY, filetype: words }],
        }),
      );
      const dms = all.map(({ words, options }) => slack.dm(team.uli, words, options));
      await app.settled();
      const numbers = await requestsOf(sources);
      expect(app.cards().length - cards).to.be.at.least(BATCH);
      expect(inDm() - saidInDm, 'lines in the DM').to.be.at.least(BATCH);

      const [toAna, before] = [answersTo(team.ana), app.cards().length];
      for (const [nth, { words, options }] of all.entries()) {
        const { ts } = await app.cardOf(`#${numbers[nth]} `);
        slack.say(team.ana, team.help, `<@${slack.botUserId}> ${words}`, options);
        slack.say(team.ana, team.help, words, { ...options, threadTs: sources[nth] });
        slack.say(team.uli, ids.dm, words, { ...options, threadTs: dms[nth] });
        slack.say(team.ben, team.triage, words, { ...options, threadTs: ts });
        slack.edit(
          team.uli,
          { channel: team.help.id, ts: sources[nth]! },
          `edited ${CANARY} ${words}`,
          options,
        );
      }
      await app.settled();
      const toMentions = answersTo(team.ana) - toAna + app.cards().length - before;
      expect(toMentions, 'requests of mentions and answers to them').to.be.at.least(BATCH);

      const toBen = answersTo(team.ben);
      for (const [nth, { words }] of all.entries()) {
        const n = `#${numbers[nth]}`;
        await command(team.ben, [words, `move ${n} ${words}`, `assign ${n} ${words}`, `list queue ${words}`]);
        await command(team.ben, [`show ${n}`, `hold ${n} until tomorrow, ${CANARY} ${words}`]);
      }
      await app.settled();
      expect(answersTo(team.ben) - toBen, 'answers to commands').to.be.at.least(BATCH * 5);
      for (const after of [
        ['unhold', 'resolve'],
        ['reopen', 'decline'],
      ]) {
        for (const [nth, { words }] of all.entries())
          await command(team.ben, [`${after[0]} #${numbers[nth]}`, `${after[1]} #${numbers[nth]} ${words}`]);
        await app.settled();
      }
      for (const { words } of all) {
        const asked = app.cards().length;
        await slack.slash(team.uli, team.help, '/triage', 'new');
        await slack.waitFor(() => slack.views(team.uli).length > 0, 'the form');
        const { errors } = await slack.submit(team.uli, { text: words.slice(0, 3000).toWellFormed() });
        if (errors === undefined)
          await slack.waitFor(() => app.cards().length > asked, 'a card of what was submitted');
        else await closeForms(team.uli);
      }
      nothingActs();
      app.logIsCalm();
    });
    await app.everythingIsHandled();
    await app.worksAsEver();
  }).timeout(120_000);
});
