import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { Effect, Saying } from '../../src/domain/effects.ts';
import { textMark } from '../../src/domain/text-mark.ts';
import type { Relay } from '../../src/outbox/relay.ts';
import { ANA, ASK, BEN, LEA } from '../support/builders.ts';
import { slowToHear } from '../support/slow-to-hear.ts';
import { stressService } from '../support/stress-service.ts';
import { waitFor } from '../support/wait-for.ts';
import { textOf } from '../workspace/text-of.ts';
import { openWorkspace, QUICK, SHOWN, type Workspace } from './relay-workspace.ts';

const toPerson = (user: string, saying: Saying): Effect => ({
  kind: 'say',
  place: { kind: 'person', user },
  saying,
});
const inConversation = (saying: Saying): Effect => ({ kind: 'say', place: { kind: 'conversation' }, saying });

const consent = (text: string): Effect =>
  inConversation({ kind: 'consent', mark: textMark(text), triageChannel: 'CTRIAGE' });
const askDuty = (user: string): Effect => toPerson(user, { kind: 'ask_duty', step: 'duty', user });
const say = (text: string) => ({ kind: 'text', text }) as const;

describe('the relay', () => {
  let desk: Workspace;
  let relay: Relay;

  beforeEach(async () => {
    desk = await openWorkspace();
    relay = desk.relay();
  });

  afterEach(() => desk.close());

  const texts = (channel: string): readonly string[] => desk.posts(channel).map(textOf);
  const updates = (): number => desk.slack.countOf('chat.update');

  it('posts the card and the reply, notes where they stand, and puts the key into both', async () => {
    const asked = await desk.ask('The printer is on fire');
    await relay.start();
    await desk.done();
    const now = await desk.read(asked.id);
    const [card] = desk.posts('CTRIAGE');
    const [reply] = desk.posts('CHELP');
    expect(now.card).to.deep.equal({ channel: 'CTRIAGE', ts: card?.ts });
    expect(now.askerReply).to.deep.equal({ channel: 'CHELP', ts: reply?.ts });
    expect(reply?.thread_ts).to.equal(asked.source.ts);
    const key = `r${asked.id}.v1.0.card`;
    expect(card?.metadata).to.deep.equal({ event_type: 'triage_post', event_payload: { key } });
    expect(card?.blocks?.[0]?.['block_id']).to.equal(key);
    expect(textOf(card!)).to.include('The printer is on fire').and.include('Asta').and.include('#help-it');
    expect(relay.status()).to.deep.equal({
      inHand: 0,
      oldestAt: null,
      reachesDatabase: true,
      token: null,
      refusedChannels: {},
    });
  });

  it('goes to work at once when it is woken', async () => {
    const slow = desk.relay({ pollMs: 60_000 });
    await slow.start();
    await desk.ask('now, please');
    await desk.done();
  });

  it('says what was said in one place in the order in which it was said', async () => {
    const asked = await desk.ask('in order', {}, SHOWN);
    for (let nth = 0; nth < 12; nth += 1) {
      await desk.change(asked.id, {}, [
        inConversation({ kind: 'done_by_other', by: BEN, what: `part ${nth}.` }),
      ]);
    }
    await relay.start();
    await desk.done();
    const said = texts('CHELP').flatMap((text) => /part (\d+)\./.exec(text)?.[1] ?? []);
    expect(said.map(Number)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('goes on at once with what is put into a lane while it finishes there', async () => {
    // A row that was leased and forgotten would come back after a minute only.
    const patient = desk.relay({
      pool: slowToHear(desk.database.pool),
      pollMs: 60_000,
      times: { ...QUICK, leaseMs: 60_000 },
    });
    const asked = await desk.ask('one by one', {}, SHOWN);
    await patient.start();
    for (const priority of ['low', 'high', 'low', 'high'] as const) {
      await desk.change(asked.id, { priority }, [{ kind: 'card' }]);
      await desk.done();
    }
    await patient.stop();
  });

  it('makes one edit of ten changes', async () => {
    const asked = await desk.ask('ten changes');
    await relay.start();
    await desk.done();
    await relay.stop();
    for (let nth = 0; nth < 10; nth += 1) {
      const priority = nth % 2 === 0 ? 'low' : 'urgent';
      await desk.change(asked.id, { priority }, [{ kind: 'card' }]);
    }
    await relay.start();
    await desk.done();
    expect(updates()).to.equal(1);
    expect(texts('CTRIAGE')).to.have.length(1);
    expect(texts('CTRIAGE')[0]).to.include('🔴');
  });

  it('renders a card that waits for its post from the state that it meets then', async () => {
    const asked = await desk.ask('first words');
    await desk.change(asked.id, { owner: ANA, state: 'in_progress' }, SHOWN);
    await relay.start();
    await desk.done();
    expect(texts('CTRIAGE')).to.have.length(1);
    expect(texts('CTRIAGE')[0]).to.include('Ana');
    expect(updates()).to.equal(0);
  });

  it('edits a card that changed while its first post was under way, and posts no second one', async () => {
    desk.slack.failNext('chat.postMessage', { kind: 'hang', ms: 500, when: 'before' });
    await relay.start();
    const asked = await desk.ask('busy');
    await waitFor(() => desk.slack.countOf('chat.postMessage') > 0, 'a post under way');
    await desk.change(asked.id, { owner: ANA, state: 'in_progress' }, SHOWN);
    await desk.change(asked.id, { owner: BEN }, SHOWN);
    await desk.done();
    expect(texts('CTRIAGE')).to.have.length(1);
    expect(texts('CTRIAGE')[0]).to.include('Ben');
    expect(texts('CHELP')).to.have.length(1);
  });

  it('posts a card that somebody deleted anew at the next change', async () => {
    const asked = await desk.ask('gone');
    await relay.start();
    await desk.done();
    const { card, askerReply } = await desk.read(asked.id);
    desk.slack.removeAny(card!);
    desk.slack.removeAny(askerReply!);
    await desk.change(asked.id, { priority: 'high' }, SHOWN);
    await desk.done();
    const after = await desk.read(asked.id);
    expect(texts('CTRIAGE')).to.have.length(1);
    expect(after.card?.ts).to.equal(desk.posts('CTRIAGE')[0]?.ts).and.not.equal(card?.ts);
    expect(after.askerReply?.ts).to.equal(desk.posts('CHELP')[0]?.ts).and.not.equal(askerReply?.ts);
  });

  it('posts no card for a text that its asker has not agreed to show', async () => {
    const unposted = await desk.ask('secret', { state: 'unposted', unshownText: 'secret' }, [
      { kind: 'card' },
    ]);
    const withdrawn = await desk.ask('secret too', { state: 'withdrawn', exit: null }, [{ kind: 'card' }]);
    await relay.start();
    await desk.done();
    expect(texts('CTRIAGE')).to.deep.equal([]);
    expect((await desk.read(unposted.id)).card).to.equal(null);
    expect((await desk.read(withdrawn.id)).card).to.equal(null);
  });

  it('asks for consent in the asker’s DM only, and only about the newest text', async () => {
    await desk.ask('newest', { state: 'unposted', unshownText: 'newest' }, [
      consent('older'),
      consent('newest'),
    ]);
    await relay.start();
    await desk.done();
    expect(texts('CHELP')).to.deep.equal([]);
    const asked = texts(desk.slack.dmOf(ASK));
    expect(asked).to.have.length(1);
    expect(asked[0]).to.include('newest');
  });

  it('opens the conversation of a request without a message by the asker’s reply, and goes on in its thread', async () => {
    const asked = await desk.ask(
      'from a form',
      { conversation: { channel: null, threadTs: null, isMirrored: true } },
      [inConversation({ kind: 'taken', by: ANA }), { kind: 'card' }],
    );
    await relay.start();
    await desk.done();
    const dm = desk.slack.dmOf(ASK);
    const [reply, taken] = desk.posts(dm);
    const now = await desk.read(asked.id);
    expect(now.askerReply).to.deep.equal({ channel: dm, ts: reply?.ts });
    expect(now.conversation).to.deep.equal({ channel: dm, threadTs: reply?.ts, isMirrored: true });
    expect(taken?.thread_ts).to.equal(reply?.ts);
    expect(textOf(taken!)).to.include('Ana has');
    expect(textOf(desk.slack.thread('CTRIAGE', now.card!.ts)[1]!)).to.include('goes to Asta by DM');
  });

  it('moves the conversation to the asker’s DM where the bot may not write any more', async () => {
    const asked = await desk.ask('locked out');
    await relay.start();
    await desk.done();
    desk.slack.leave(desk.slack.botUserId, 'CHELP');
    await desk.change(asked.id, { owner: ANA, state: 'in_progress' }, [
      inConversation({ kind: 'taken', by: ANA }),
    ]);
    await desk.done();
    const dm = desk.slack.dmOf(ASK);
    const now = await desk.read(asked.id);
    const [reply, taken] = desk.posts(dm);
    expect(now.conversation).to.deep.equal({ channel: dm, threadTs: reply?.ts, isMirrored: true });
    expect(now.askerReply).to.deep.equal({ channel: dm, ts: reply?.ts });
    expect(taken?.thread_ts).to.equal(reply?.ts);
    expect(desk.slack.thread('CTRIAGE', now.card!.ts).map(textOf)[1]).to.include('goes to Asta by DM');
  });

  it('posts to the card’s thread, the channel, a person and beyond the queue', async () => {
    const lead: Effect = {
      kind: 'say',
      place: { kind: 'card_thread', broadcast: true },
      saying: { kind: 'lead', lead: LEA },
    };
    const escalation: Effect = {
      kind: 'say',
      place: { kind: 'channel', channel: 'CMANAGERS' },
      saying: { kind: 'escalation', openedAt: Date.now() },
    };
    const left: Effect = {
      kind: 'say',
      place: { kind: 'triage_channel' },
      saying: { kind: 'owner_left', user: BEN, requests: [1] },
    };
    const asked = await desk.ask('climbing', {}, [...SHOWN, askDuty(ANA), lead, escalation, left]);
    await relay.start();
    await desk.done();
    const [card, called, gone] = desk.posts('CTRIAGE');
    expect((await desk.read(asked.id)).card?.ts).to.equal(card?.ts);
    expect(called).to.include({ thread_ts: card?.ts, subtype: 'thread_broadcast' });
    expect(gone?.thread_ts).to.equal(undefined);
    expect(texts(desk.slack.dmOf(ANA))[0]).to.include('climbing');
    expect(texts('CMANAGERS')[0]).to.include('Nobody has taken').and.not.include('climbing');
  });

  it('drops what is no longer so, and what somebody may no longer read', async () => {
    await desk.ask('taken by now', { state: 'in_progress', owner: ANA }, [
      askDuty(ANA),
      inConversation({ kind: 'nudge', nth: 1 }),
    ]);
    const zoe = desk.slack.people.add({ name: 'zoe' }).id;
    await desk.ask('not for Zoe', {}, [askDuty(zoe)]);
    await relay.start();
    await desk.done();
    expect(desk.slack.countOf('chat.postMessage')).to.equal(0);
  });

  it('posts a missing card before what belongs under it', async () => {
    const called: Effect = {
      kind: 'say',
      place: { kind: 'card_thread', broadcast: false },
      saying: { kind: 'lead', lead: null },
    };
    const asked = await desk.ask('no card yet', {}, [called]);
    await relay.start();
    await desk.done();
    const { card } = await desk.read(asked.id);
    const thread = desk.slack.thread('CTRIAGE', card!.ts);
    expect(thread.map(textOf)[1]).to.include('Who can take it?');
  });

  it('turns the card of a queue that a request left into a pointer, and posts it in the new one', async () => {
    const asked = await desk.ask('moving');
    await relay.start();
    await desk.done();
    const { card } = await desk.read(asked.id);
    const left: Effect = { kind: 'left_card', channel: card!.channel, ts: card!.ts, toQueue: 'hr' };
    await desk.change(asked.id, { queue: 'hr', card: null }, [left, ...SHOWN]);
    await desk.done();
    expect(texts('CTRIAGE')).to.have.length(1);
    expect(texts('CTRIAGE')[0]).to.include('moved to the queue').and.not.include('moving');
    expect(texts('COTHER')[0]).to.include('moving');
    expect((await desk.read(asked.id)).card?.channel).to.equal('COTHER');
  });

  it('leaves one card with text when a request moves while its card is on the way', async () => {
    desk.slack.failNext('chat.postMessage', { kind: 'hang', ms: 500, when: 'before' });
    await relay.start();
    const asked = await desk.ask('racing', {}, [{ kind: 'card' }]);
    await waitFor(() => desk.slack.countOf('chat.postMessage') > 0, 'a post under way');
    await desk.change(asked.id, { queue: 'hr', card: null }, SHOWN);
    await desk.done();
    expect(texts('CTRIAGE')).to.have.length(1);
    expect(texts('CTRIAGE')[0]).to.include('moved to the queue').and.not.include('racing');
    expect(texts('COTHER').filter((text) => text.includes('racing'))).to.have.length(1);
  });

  it('names whom Slack does not know somebody, and keeps the names of private channels', async () => {
    const secret = desk.slack.channels.add({ name: 'layoffs', isPrivate: true });
    const text = `for <@UGONE> in <#${secret.id}|>`;
    const asked = await desk.ask('names', {}, []);
    await desk.change(asked.id, { source: { ...asked.source, title: text, text } }, [{ kind: 'card' }]);
    await relay.start();
    await desk.done();
    expect(texts('CTRIAGE')[0])
      .to.include('@somebody')
      .and.include('#private-channel')
      .and.not.include('layoffs');
  });

  it('answers by response_url, by an ephemeral and in a DM', async () => {
    await relay.start();
    const to = { kind: 'ephemeral', channel: 'CHELP', user: ASK, threadTs: null } as const;
    await desk.tell({ kind: 'answer', to, answer: say('for you') }, 'e1');
    const dm = { kind: 'dm', channel: null, user: ASK, threadTs: null } as const;
    await desk.tell({ kind: 'answer', to: dm, answer: say('by DM') }, 'e2');
    await desk.done();
    await desk.slack.waitFor(() => desk.slack.ephemerals(ASK).length === 1, 'the ephemeral');
    expect(desk.slack.ephemerals(ASK)[0]?.text).to.include('for you');
    expect(texts(desk.slack.dmOf(ASK))).to.deep.equal(['by DM']);
    const url = { kind: 'response_url', url: 'https://example.com/elsewhere' } as const;
    await desk.tell({ kind: 'answer', to: url, answer: say('nowhere') }, 'e3');
    await waitFor(
      () => desk.logger.lines.some(({ message }) => message === 'an answer was not delivered'),
      'the failure in the log',
    );
    await desk.done();
  });

  it('tries an ephemeral once, whatever becomes of it', async () => {
    desk.slack.failNext('chat.postEphemeral', { kind: 'reset', when: 'after' });
    await relay.start();
    const to = { kind: 'ephemeral', channel: 'CHELP', user: ASK, threadTs: null } as const;
    await desk.tell({ kind: 'answer', to, answer: { kind: 'text', text: 'once' } }, 'e1');
    await waitFor(
      () => desk.logger.lines.some(({ message }) => message === 'an answer was not delivered'),
      'the failure in the log',
    );
    expect(await desk.waiting()).to.equal(0);
    expect(desk.slack.countOf('chat.postEphemeral')).to.equal(1);
  });

  it('starts and stops in any order and leaves nothing behind', async () => {
    // Its work here needs no Slack, and the pool has all its connections: what is left over would be the relay's own.
    const hidden = await desk.ask('hidden', { state: 'unposted', unshownText: 'hidden' }, []);
    const { pool } = desk.database;
    await Promise.all(Array.from({ length: 10 }, () => pool.query('select pg_sleep(0.1)')));
    await stressService(() => desk.relay(), {
      whenStarted: async () => {
        await desk.change(hidden.id, {}, [{ kind: 'card' }]);
        await desk.done();
      },
    });
  });
});
