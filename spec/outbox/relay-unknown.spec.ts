import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { Effect } from '../../src/domain/effects.ts';
import { createSlackClient } from '../../src/slack/client.ts';
import { insertMessage } from '../../src/store/messages.ts';
import { leaseOutbox, noteAttempt } from '../../src/store/outbox.ts';
import { ANA, ASK, LEA } from '../support/builders.ts';
import { waitFor } from '../support/wait-for.ts';
import { textOf } from '../workspace/text-of.ts';
import { openWorkspace, QUICK, SHOWN, type Workspace } from './relay-workspace.ts';

const CARD: readonly Effect[] = [{ kind: 'card' }];
const taken: Effect = {
  kind: 'say',
  place: { kind: 'conversation' },
  saying: { kind: 'taken', by: ANA },
};

describe('a post of which nobody knows whether it stands', () => {
  let desk: Workspace;

  beforeEach(async () => {
    desk = await openWorkspace();
  });

  afterEach(() => desk.close());

  const cards = (): readonly string[] => desk.posts('CTRIAGE').map(textOf);
  const posts = (): number => desk.slack.countOf('chat.postMessage');
  const lookups = (): number => desk.slack.countOf('conversations.history');

  /** As a process leaves its rows that is killed at a post. */
  async function abandon(post: boolean): Promise<void> {
    const to = { channel: 'CTRIAGE', threadTs: null };
    const { pool } = desk.database;
    const now = Date.now();
    const [row] = await leaseOutbox(pool, now, now + QUICK.leaseMs, 10, 10);
    expect(await noteAttempt(pool, row!.id, row!.attempts, now, to)).to.equal(true);
    if (!post) return;
    const client = createSlackClient({
      botToken: desk.slack.botToken,
      apiUrl: desk.slack.apiUrl,
      logger: desk.logger,
    });
    await client.post({ channel: 'CTRIAGE', text: 'by the one that was killed', blocks: [], key: row!.key });
  }

  it('posts no second time when the answer to a post was lost', async () => {
    desk.slack.failNext('chat.postMessage', { kind: 'reset', when: 'after' });
    const asked = await desk.ask('answer lost', {}, CARD);
    await desk.relay().start();
    await desk.done();
    expect(posts()).to.equal(1);
    expect(lookups()).to.equal(1);
    expect((await desk.read(asked.id)).card?.ts).to.equal(desk.posts('CTRIAGE')[0]?.ts);
  });

  it('posts a card anew that somebody deleted before it was known where it stands', async () => {
    desk.slack.failNext('chat.postMessage', { kind: 'reset', when: 'after' });
    const asked = await desk.ask('deleted in between', {}, CARD);
    await desk.relay().start();
    await waitFor(() => desk.posts('CTRIAGE').length > 0, 'the post');
    const [first] = desk.posts('CTRIAGE');
    desk.slack.removeAny({ channel: 'CTRIAGE', ts: first!.ts });
    await desk.done();
    expect(posts()).to.equal(2);
    expect((await desk.read(asked.id)).card?.ts)
      .to.equal(desk.posts('CTRIAGE')[0]?.ts)
      .and.not.equal(first?.ts);
  });

  it('posts once when the connection was lost before Slack did anything', async () => {
    desk.slack.failNext('chat.postMessage', { kind: 'reset', when: 'before' });
    const asked = await desk.ask('never arrived', {}, CARD);
    await desk.relay().start();
    await desk.done();
    expect(cards()).to.have.length(1);
    expect(lookups()).to.equal(1);
    expect((await desk.read(asked.id)).card?.ts).to.equal(desk.posts('CTRIAGE')[0]?.ts);
  });

  it('takes a post in a thread for its own, too', async () => {
    const relay = desk.relay();
    await relay.start();
    const asked = await desk.ask('in a thread');
    await desk.done();
    desk.slack.failNext('chat.postMessage', { kind: 'reset', when: 'after' });
    await desk.change(asked.id, {}, [taken]);
    await desk.done();
    expect(desk.posts('CHELP').filter((post) => textOf(post).includes('Ana has'))).to.have.length(1);
  });

  it('finds what was said in a conversation that begins anew by then', async () => {
    const relay = desk.relay();
    await relay.start();
    const asked = await desk.ask('from a form', {
      conversation: { channel: null, threadTs: null, isMirrored: true },
    });
    await desk.done();
    desk.slack.failNext('chat.postMessage', { kind: 'reset', when: 'after' });
    await desk.change(asked.id, {}, [taken]);
    const heard = (): number =>
      desk.posts(desk.slack.dmOf(ASK)).filter((post) => textOf(post).includes('Ana has')).length;
    await waitFor(() => heard() === 1, 'the line');
    // Somebody deleted the reply that opened it.
    await desk.change(
      asked.id,
      { conversation: { channel: null, threadTs: null, isMirrored: true }, askerReply: null },
      [],
    );
    await desk.done();
    expect(heard()).to.equal(1);
  });

  it('looks first where a process was killed after its post', async () => {
    const asked = await desk.ask('killed after', {}, CARD);
    await abandon(true);
    await desk.relay().start();
    await desk.done();
    expect(posts()).to.equal(1);
    expect((await desk.read(asked.id)).card?.ts).to.equal(desk.posts('CTRIAGE')[0]?.ts);
  });

  it('posts where a process was killed before its post, after the time that this post could have taken', async () => {
    await desk.ask('killed before', {}, CARD);
    await abandon(false);
    const killedAt = Date.now();
    // Longer than the lease that it left behind.
    const times = { ...QUICK, deadlineMs: 600, settleMs: 400 };
    await desk.relay({ times }).start();
    await desk.done();
    expect(cards()).to.have.length(1);
    const call = desk.slack.calls().find(({ method }) => method === 'conversations.history');
    expect(call?.at).to.be.at.least(killedAt + 950);
  });

  it('finds the card of a killed process though its request has moved meanwhile, and leaves no text there', async () => {
    const asked = await desk.ask('moved meanwhile', {}, CARD);
    await abandon(true);
    await desk.change(asked.id, { queue: 'hr' }, CARD);
    await desk.relay().start();
    await desk.done();
    expect(cards()).to.have.length(1);
    expect(cards()[0]).to.include('moved to the queue');
    const moved = await desk.read(asked.id);
    expect(moved.card?.channel).to.equal('COTHER');
    expect(desk.posts('COTHER')).to.have.length(1);
    // Where it has a card when it comes back, it gets no second one.
    expect(moved.leftCards).to.deep.equal([{ channel: 'CTRIAGE', ts: desk.posts('CTRIAGE')[0]?.ts }]);
  });

  it('finds it in its lane where an earlier version did not note the place', async () => {
    const asked = await desk.ask('moved in an upgrade', {}, CARD);
    await abandon(true);
    await desk.database.pool.query('update outbox set attempted_channel = null');
    await desk.change(asked.id, { queue: 'hr' }, CARD);
    await desk.relay().start();
    await desk.done();
    expect(cards()).to.have.length(1);
    expect(cards()[0]).to.include('moved to the queue');
    expect((await desk.read(asked.id)).leftCards).to.have.length(1);
  });

  it('finds what was said, and copied, under a card though its request has moved meanwhile', async () => {
    const relay = desk.relay();
    await relay.start();
    const conversation = { channel: desk.slack.dmOf(ASK), threadTs: null, isMirrored: true };
    const asked = await desk.ask('under the card', { conversation });
    await desk.done();
    const { card, conversation: opened } = await desk.read(asked.id);
    const ts = desk.slack.dm(ASK, 'and another thing', { threadTs: opened.threadTs ?? undefined });
    const channel = desk.slack.dmOf(ASK);
    await insertMessage(desk.database.pool, {
      channel,
      ts,
      threadTs: opened.threadTs,
      requestId: asked.id,
      author: ASK,
      role: 'reply',
      text: 'and another thing',
      files: [],
      isInside: false,
    });
    const place = { kind: 'card_thread', broadcast: true } as const;
    desk.slack.failNext('chat.postMessage', { kind: 'reset', when: 'after' });
    await desk.change(asked.id, {}, [{ kind: 'say', place, saying: { kind: 'lead', lead: LEA } }]);
    await desk.slack.waitFor(() => underAnyCard('Nobody has taken').length === 1, 'the lead to be told');
    await desk.change(asked.id, { queue: 'hr', card: null, leftCards: [card!] }, SHOWN);
    await desk.done();
    expect(underAnyCard('Nobody has taken')).to.have.length(1);
    const again = (await desk.read(asked.id)).card;
    desk.slack.failNext('chat.postMessage', { kind: 'reset', when: 'after' });
    await desk.change(asked.id, {}, [{ kind: 'mirror', channel, ts }]);
    await desk.slack.waitFor(() => underAnyCard('another thing').length === 1, 'the copy');
    await desk.change(asked.id, { queue: 'it', card: null, leftCards: [again!] }, SHOWN);
    await desk.done();
    expect(underAnyCard('another thing')).to.have.length(1);
  });

  const underAnyCard = (words: string): readonly string[] =>
    [...desk.posts('CTRIAGE'), ...desk.posts('COTHER')]
      .map((post) => `${post.text} ${textOf(post)}`)
      .filter((text) => text.includes(words));

  it('stops within seconds though Slack does not answer, and posts once all the same', async () => {
    const relay = desk.relay();
    await desk.ask('no answer', {}, CARD);
    desk.slack.failNext('chat.postMessage', { kind: 'hang', ms: 6000, when: 'after' });
    await relay.start();
    await waitFor(() => posts() === 1, 'a post under way');
    const startedAt = performance.now();
    await relay.stop();
    expect(performance.now() - startedAt).to.be.below(4500);
    await desk.relay().start();
    await desk.done();
    expect(cards()).to.have.length(1);
  });
});
