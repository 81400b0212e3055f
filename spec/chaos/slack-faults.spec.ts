/** What the daemon makes of events that Slack delivers twice, late, out of order, or over a socket that is dead. */
import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { cardsWith, requestsWith, said } from '../support/stored.ts';
import { waitFor } from '../support/wait-for.ts';
import type { Delivered } from '../workspace/delivery.ts';
import type { DeliveryFault, Envelope } from '../workspace/delivery-faults.ts';
import { isJson, type Json } from '../workspace/wire.ts';

const LATE_MS = 150;

function eventOf(payload: Json): Json {
  return isJson(payload['event']) ? payload['event'] : {};
}

/** Only what is written anew, as opposed to edits and deletions of it. */
function isNewMessage({ payload }: Pick<Envelope, 'payload'>, words: string): boolean {
  const { type, subtype, text } = eventOf(payload);
  return type === 'message' && subtype === undefined && String(text).includes(words);
}

describe('under the faults of Slack, the daemon', () => {
  let running: RunningApp;

  before(async () => {
    running = await runningApp({
      slack: { ackDeadlineMs: 500, retryDelaysMs: [50, 200, 1000, 1000, 1000, 1000, 1000] },
    });
  });
  afterEach(() => running.slack.deliveryPlan(undefined));
  after(() => running.stop());

  /** The one request with these words; fails when there is none, or a second one. */
  async function theOnly(words: string) {
    await running.settled();
    const found = await requestsWith(running, words);
    expect(found).to.have.length(1);
    expect(cardsWith(running, words)).to.have.length(1);
    return found[0]!;
  }

  async function lines(id: number, what: string): Promise<number> {
    const { rows } = await running.database.pool.query<{ n: number }>(
      'select count(*) as n from timeline where request_id = $1 and what = $2',
      [id, what],
    );
    return rows[0]?.n ?? 0;
  }

  for (const how of ['same_envelope', 'retry', 'new_event_id'] as const) {
    it(`makes one request and one change of what comes again (${how}), at once or when all is done`, async () => {
      const { slack, team } = running;
      slack.deliveryPlan(() => ({ kind: 'again', how, afterMs: 0 }));
      const words = `the ${how} monitor`;
      const ts = slack.say(team.uli, team.help, words);
      const { id, card } = await theOnly(words);
      slack.react(team.ana, { channel: team.help.id, ts }, 'eyes');
      slack.say(team.ana, team.help, 'Which one?', { threadTs: ts });
      await running.settled();
      slack.deliveryPlan(undefined);
      const sent = slack.deliveries().filter(({ payload }) => JSON.stringify(payload).includes(ts));
      for (const record of sent) slack.again(record, how);
      await theOnly(words);
      expect(await lines(id, 'took it')).to.equal(1);
      expect(said(running, team.help, ts).filter((text) => text.includes('has *'))).to.have.length(2);
      expect(slack.messages(team.triage).filter((one) => one.ts === card?.ts)).to.have.length(1);
    });
  }

  it('presses a button once though the press comes again', async () => {
    const { slack, team } = running;
    slack.say(team.uli, team.help, 'a printer that jams');
    const card = await running.cardOf('a printer that jams');
    await running.settled();
    await running.press(team.ana, card, 'Take it');
    await running.shows(card, 'in progress');
    const press = slack.deliveries().findLast(({ type }) => type === 'interactive')!;
    await running.press(team.ana, card, 'Waiting for asker');
    const wait = slack.deliveries().findLast(({ type }) => type === 'interactive')!;
    await running.shows(card, 'Unhold');
    await running.press(team.ana, card, 'Unhold');
    await running.shows(card, 'in progress');
    for (const record of [press, wait] satisfies Delivered[]) {
      slack.again(record, 'same_envelope');
      slack.again(record, 'retry');
    }
    const { id, state } = await theOnly('a printer that jams');
    expect(state).to.equal('in_progress');
    expect(await lines(id, 'waits for the asker')).to.equal(1);
  });

  /** Delays the first telling of a message, so that what happens to it comes first. */
  function hold(words: string): void {
    const late: DeliveryFault = { kind: 'delay', ms: LATE_MS };
    running.slack.deliveryPlan((envelope) => (isNewMessage(envelope, words) ? late : undefined));
  }

  it('knows the last text of a message whose edit came before it', async () => {
    const { slack, team } = running;
    hold('first words');
    const ts = slack.say(team.uli, team.help, 'first words');
    slack.edit(team.uli, { channel: team.help.id, ts }, 'second thoughts');
    expect((await theOnly('second thoughts')).source.text).to.equal('second thoughts');
    expect(await requestsWith(running, 'first words')).to.deep.equal([]);
  });

  it('keeps the last of two edits, whichever comes first', async () => {
    const { slack, team } = running;
    const [source, answer] = [slack.say(team.uli, team.help, 'draft'), 'a first answer'];
    await running.cardOf('draft');
    const reply = slack.say(team.ana, team.help, answer, { threadTs: source });
    await running.settled();
    const texts = new Set(['in the middle', 'meanwhile']);
    slack.deliveryPlan(({ payload }) => {
      const { message } = eventOf(payload);
      return isJson(message) && texts.has(String(message['text']))
        ? { kind: 'delay', ms: LATE_MS }
        : undefined;
    });
    const at = (ts: string) => ({ channel: team.help.id, ts });
    slack.edit(team.uli, at(source), 'in the middle');
    slack.edit(team.uli, at(source), 'the final text');
    slack.edit(team.ana, at(reply), 'meanwhile');
    slack.edit(team.ana, at(reply), 'the final answer');
    expect((await theOnly('the final text')).source.text).to.equal('the final text');
    const { rows } = await running.database.pool.query('select body from messages where ts = $1', [reply]);
    expect(rows).to.deep.equal([{ body: 'the final answer' }]);
  });

  it('takes and answers a request whose message came after the 👀 and the reply', async () => {
    const { slack, team } = running;
    hold('a slow cable');
    const ts = slack.say(team.uli, team.help, 'a slow cable');
    slack.react(team.ana, { channel: team.help.id, ts }, 'eyes');
    slack.say(team.ana, team.help, 'I come over', { threadTs: ts });
    const request = await waitFor(async () => {
      const found = await theOnly('a slow cable');
      return found.answeredAt !== null && found;
    }, 'the reply to count');
    expect(request).to.include({ state: 'in_progress', owner: team.ana.id });
  });

  it('shows nobody a message that was deleted before it came', async () => {
    const { slack, team } = running;
    hold('by mistake');
    const ts = slack.say(team.uli, team.help, 'by mistake');
    slack.remove(team.uli, { channel: team.help.id, ts });
    await slack.waitFor(
      () => slack.deliveries().some((each) => isNewMessage(each, 'by mistake')),
      'it to come',
    );
    await running.settled();
    const { rows } = await running.database.pool.query(
      'select state, body from requests where source_ts = $1',
      [ts],
    );
    expect(rows).to.deep.equal([{ state: 'withdrawn', body: null }]);
    expect(slack.sees(team.ben, 'by mistake')).to.equal(false);
  });

  it('copies a reply as it was edited, and none that was deleted, though it hears of that before the reply', async () => {
    const { slack, team } = running;
    const ts = slack.dm(team.uli, 'new the overtaken chair');
    const card = await running.cardOf('the overtaken chair');
    await running.settled();
    hold('in haste');
    const under = { threadTs: card.ts };
    const edited = slack.say(team.ana, team.triage, 'edited in haste', under);
    const deleted = slack.say(team.ana, team.triage, 'deleted in haste', under);
    slack.edit(team.ana, { channel: team.triage.id, ts: edited }, 'at leisure');
    slack.remove(team.ana, { channel: team.triage.id, ts: deleted });
    await slack.waitFor(
      () => slack.deliveries().filter((each) => isNewMessage(each, 'in haste')).length === 2,
      'both to come',
    );
    await running.settled();
    const copies = said(running, slack.dmOf(team.uli), ts).filter((text) => text.startsWith('ana: '));
    expect(copies).to.deep.equal(['ana: at leisure']);
  });

  it('keeps an addition by DM as it was edited before it came', async () => {
    const { slack, team } = running;
    slack.dm(team.zoe, 'new a lamp');
    await running.cardOf('a lamp');
    await running.settled();
    hold('flickers');
    const ts = slack.dm(team.zoe, 'it flickers');
    slack.edit(team.zoe, { channel: slack.dmOf(team.zoe), ts }, 'it is dark');
    await slack.waitFor(
      () => slack.deliveries().some((each) => isNewMessage(each, 'flickers')),
      'it to come',
    );
    expect((await theOnly('a lamp')).source.text)
      .to.include('it is dark')
      .and.not.include('flickers');
  });

  it('hears over its other socket what Slack sent into a half-open one', async () => {
    const { slack, team } = running;
    await slack.waitFor(() => slack.socket.open().length === 2, 'both sockets');
    const [dead] = slack.socket.open();
    slack.socket.halfOpen(dead);
    const words = ['left', 'right', 'middle'].map((side) => `the ${side} loudspeaker`);
    for (const text of words) slack.say(team.uli, team.help, text);
    for (const text of words) await running.cardOf(text);
    expect(
      slack.deliveries().some(({ connection, outcome }) => connection === dead && outcome === 'timeout'),
    ).to.equal(true);
    slack.socket.drop(dead);
    await slack.waitFor(() => slack.socket.open().length === 2, 'a new socket for the dead one');
    for (const text of words) await theOnly(text);
  });

  it('takes what comes only as a retry, because no socket was open, for the news that it is', async () => {
    const { slack, team } = running;
    slack.unreachable();
    await slack.waitFor(() => slack.socket.open().length === 0, 'all sockets to be gone');
    const ts = slack.say(team.uli, team.help, 'nobody listens');
    slack.react(team.ana, { channel: team.help.id, ts }, 'eyes');
    slack.unreachable(false);
    await running.cardOf('nobody listens');
    const sent = slack.deliveries().filter(({ payload }) => eventOf(payload)['ts'] === ts);
    expect(sent).to.not.have.length(0);
    expect(sent.every(({ attempt }) => attempt > 0)).to.equal(true);
    expect(await theOnly('nobody listens')).to.include({ state: 'in_progress', owner: team.ana.id });
  });

  for (const [name, fault] of [
    ['429 without Retry-After', { kind: 'rate_limited' }],
    ['a server error', { kind: 'http', status: 500 }],
    ['a page of HTML', { kind: 'html' }],
    ['a reset', { kind: 'reset', when: 'before' }],
  ] as const) {
    it(`makes a request all the same when Slack answers what it asks with ${name}`, async () => {
      const { slack, team } = running;
      const where = slack.channels.add({ name: `corner-${name.length}`, members: [team.uli, team.ana] });
      // Nobody has asked about this channel before.
      slack.failNext('conversations.info', fault, 2);
      slack.say(team.uli, where, `<@${slack.botUserId}> the chair under ${name}`);
      await running.cardOf(`the chair under ${name}`);
      await theOnly(`the chair under ${name}`);
      expect(slack.calls().filter(({ fault: made }) => made === fault).length).to.equal(2);
    });
  }
});
