import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { Effect } from '../../src/domain/effects.ts';
import type { Request } from '../../src/domain/request.ts';
import { saveCard } from '../../src/store/cards.ts';
import { ANA, ASK, LEA, source } from '../support/builders.ts';
import { waitFor } from '../support/wait-for.ts';
import { textOf } from '../workspace/text-of.ts';
import { openWorkspace, SHOWN, type Workspace } from './relay-workspace.ts';

const CARD: readonly Effect[] = [{ kind: 'card' }];
const taken: Effect = {
  kind: 'say',
  place: { kind: 'conversation' },
  saying: { kind: 'taken', by: ANA },
};

describe('what stands under a message that is gone', () => {
  let desk: Workspace;

  beforeEach(async () => {
    desk = await openWorkspace();
    await desk.relay().start();
  });

  afterEach(async () => {
    const complaints = desk.slack.complaints();
    await desk.close();
    expect(complaints).to.deep.equal([]);
  });

  const inDm = (): readonly { ts: string; threadTs: string | undefined; text: string }[] =>
    desk
      .posts(desk.slack.dmOf(ASK))
      .map((post) => ({ ts: post.ts, threadTs: post.thread_ts, text: `${post.text} ${textOf(post)}` }));
  const lines = (channel: string): number =>
    desk.posts(channel).filter((post) => textOf(post).includes('Ana has')).length;

  /** A request whose asker deleted its message before anything of ours stood under it. */
  async function withoutMessage(overrides: Partial<Request> = {}, reply?: string): Promise<Request> {
    const asked = await desk.ask('deleted soon', overrides, CARD);
    await desk.done();
    const { channel, threadTs } = asked.conversation;
    if (reply !== undefined) desk.slack.say(ANA, channel!, reply, { threadTs: threadTs! });
    desk.slack.remove(ASK, { channel: channel!, ts: threadTs! });
    await desk.change(asked.id, { source: { ...asked.source, isDeleted: true } }, []);
    return desk.read(asked.id);
  }

  it('is said in the asker’s DM, in a thread of its own', async () => {
    const { id } = await withoutMessage();
    await desk.change(id, {}, [taken]);
    await desk.done();
    const [opening, line, ...rest] = inDm();
    expect(rest).to.deep.equal([]);
    expect(line?.text).to.include(`Ana has`).and.include(`#${id}`);
    const { conversation, askerReply } = await desk.read(id);
    expect(conversation).to.deep.equal({
      channel: desk.slack.dmOf(ASK),
      threadTs: askerReply?.ts,
      isMirrored: true,
    });
    expect(opening?.ts).to.equal(askerReply?.ts);
    expect(line?.threadTs).to.equal(askerReply?.ts);
    expect(lines('CHELP')).to.equal(0);
    // Whoever writes under the card is told that the asker reads it now.
    expect(desk.posts('CTRIAGE').map(textOf).join('\n')).to.include('🔒');
  });

  it('is said in the asker’s DM, too, where our reply itself came a moment too late', async () => {
    const ts = desk.slack.say(ASK, 'CHELP', 'gone at once');
    desk.slack.remove(ASK, { channel: 'CHELP', ts });
    const { id, source: from } = await desk.ask('another', {
      source: source({ ts, threadTs: ts, title: 'gone at once', text: 'gone at once' }),
      conversation: { channel: 'CHELP', threadTs: ts, isMirrored: false },
    });
    await desk.done();
    // That reply went nowhere, which nobody could know.
    expect(desk.slack.world.complaints.splice(0)).to.have.length(1);
    await desk.change(id, { source: { ...from, isDeleted: true } }, [taken]);
    await desk.done();
    const { askerReply, conversation } = await desk.read(id);
    expect(conversation).to.deep.include({ channel: desk.slack.dmOf(ASK), threadTs: askerReply?.ts });
    expect(inDm().filter(({ text }) => text.includes('Ana has'))).to.have.length(1);
  });

  it('stays in the thread that others keep alive', async () => {
    const { id } = await withoutMessage({}, 'I had that too');
    await desk.change(id, {}, [taken]);
    await desk.done();
    expect(lines('CHELP')).to.equal(1);
    expect(inDm()).to.deep.equal([]);
  });

  it('begins a new thread in a DM whose message is gone', async () => {
    const ts = desk.slack.dm(ASK, 'my badge');
    const channel = desk.slack.dmOf(ASK);
    const { id } = await withoutMessage({
      source: source({ kind: 'dm', channel, ts, threadTs: ts, isPrivate: true }),
      conversation: { channel, threadTs: ts, isMirrored: true },
    });
    await desk.change(id, {}, [taken]);
    await desk.done();
    const [opening, line] = inDm();
    const { askerReply } = await desk.read(id);
    expect(opening?.ts).to.equal(askerReply?.ts);
    expect(line?.threadTs).to.equal(askerReply?.ts);
    // Its card said so already when it was posted.
    expect(desk.posts('CTRIAGE').filter((post) => textOf(post).includes('🔒'))).to.have.length(1);
  });

  for (const error of ['thread_not_found', 'message_not_found', 'cannot_reply_to_message'])
    it(`is said in the asker’s DM where Slack answers ${error}`, async () => {
      const { id } = await desk.ask('no thread', {}, SHOWN);
      await desk.done();
      desk.slack.failNext('chat.postMessage', { kind: 'error', error });
      await desk.change(id, {}, [taken]);
      await desk.done();
      expect(inDm().filter(({ text }) => text.includes('Ana has'))).to.have.length(1);
      expect(lines('CHELP')).to.equal(0);
    });

  it('is said under a new card where Slack does not know the old one any more', async () => {
    const { id, card } = await withoutCard();
    const place = { kind: 'card_thread', broadcast: true } as const;
    desk.slack.failNext('chat.postMessage', { kind: 'error', error: 'thread_not_found' });
    await desk.change(id, {}, [{ kind: 'say', place, saying: { kind: 'lead', lead: LEA } }]);
    await desk.done();
    const next = (await desk.read(id)).card;
    expect(next?.ts).to.not.equal(card?.ts);
    const under = desk.posts('CTRIAGE').filter((post) => post.thread_ts === next?.ts && post.ts !== next?.ts);
    expect(under.map(({ text }) => text)).to.have.length(1);
    expect(under[0]?.text).to.include('Nobody has taken');
  });

  for (const error of ['restricted_action_thread_locked', 'cannot_reply_to_message'])
    it(`is said at the top of the triage channel where the card’s thread takes nothing (${error}), and nobody waits`, async () => {
      const { id } = await desk.ask('locked', {}, CARD);
      await desk.done();
      const { card } = await desk.read(id);
      desk.slack.faultPlan(({ method, args }) =>
        method === 'chat.postMessage' && args['thread_ts'] === card?.ts
          ? { kind: 'error', error }
          : undefined,
      );
      const place = { kind: 'card_thread', broadcast: true } as const;
      await desk.change(id, {}, [{ kind: 'say', place, saying: { kind: 'lead', lead: LEA } }]);
      await desk.ask('the next one', {}, CARD);
      await desk.done();
      const told = desk.posts('CTRIAGE').filter(({ text }) => text.includes('Nobody has taken'));
      expect(told.map((post) => post.thread_ts)).to.deep.equal([undefined]);
      expect(desk.posts('CTRIAGE').filter(({ text }) => text.includes('the next one'))).to.have.length(1);
    });

  it('opens a mirrored thread once, though the card goes before that is said', async () => {
    const ts = desk.slack.dm(ASK, 'my badge');
    const channel = desk.slack.dmOf(ASK);
    desk.slack.faultPlan(({ method, args }) =>
      method === 'chat.postMessage' && args['thread_ts'] !== undefined && args['channel'] === 'CTRIAGE'
        ? { kind: 'rate_limited', retryAfter: 3 }
        : undefined,
    );
    const { id } = await desk.ask('badge', {
      source: source({ kind: 'dm', channel, ts, threadTs: ts, isPrivate: true }),
      conversation: { channel, threadTs: ts, isMirrored: true },
    });
    // It waits now, in nobody's hands.
    await waitFor(async () => {
      const { rowCount } = await desk.database.pool.query(
        "select 1 from outbox where effect -> 'saying' ->> 'kind' = 'mirror_opens' and last_error is not null",
      );
      return rowCount === 1;
    }, 'the line to wait');
    const { card } = await desk.read(id);
    desk.slack.removeAny({ channel: 'CTRIAGE', ts: card!.ts });
    await saveCard(desk.database.pool, id, null);
    await desk.change(id, {}, CARD);
    desk.slack.faultPlan(undefined);
    await desk.done();
    expect(desk.posts('CTRIAGE').filter((post) => textOf(post).includes('🔒'))).to.have.length(1);
    expect(desk.posts('CTRIAGE')).to.have.length(2);
  });

  /** Its card was deleted, and Slack did not tell. */
  async function withoutCard(): Promise<Request> {
    const { id } = await desk.ask('no card', {}, CARD);
    await desk.done();
    const asked = await desk.read(id);
    desk.slack.removeAny({ channel: 'CTRIAGE', ts: asked.card!.ts });
    await waitFor(() => desk.posts('CTRIAGE').length === 0, 'the card to go');
    return asked;
  }
});
