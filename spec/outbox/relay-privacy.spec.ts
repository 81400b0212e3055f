import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { Effect } from '../../src/domain/effects.ts';
import type { Request } from '../../src/domain/request.ts';
import { transition } from '../../src/domain/transition.ts';
import { hasAgreed, WITHHELD_WORDS } from '../../src/outbox/relay/privacy.ts';
import type { Relay } from '../../src/outbox/relay.ts';
import { blankMessage, editMessage, insertMessage, readMessage } from '../../src/store/messages.ts';
import { ANA, ASK, BEN, queue, RESPONDERS, request, situation, source } from '../support/builders.ts';
import { yes } from '../support/outcomes.ts';
import { textOf } from '../workspace/text-of.ts';
import { openWorkspace, SHOWN, type Workspace } from './relay-workspace.ts';

describe('the relay, and who may read what', () => {
  let desk: Workspace;
  let relay: Relay;

  beforeEach(async () => {
    desk = await openWorkspace();
    relay = desk.relay();
    await relay.start();
  });

  afterEach(() => desk.close());

  /** A request from ASK's DM. */
  async function askByDm(text: string, effects: readonly Effect[] = SHOWN): Promise<Request> {
    const ts = desk.slack.dm(ASK, text);
    const channel = desk.slack.dmOf(ASK);
    const asked = source({ kind: 'dm', channel, ts, threadTs: ts, isPrivate: true, title: text, text });
    const conversation = { channel, threadTs: ts, isMirrored: true };
    const { id } = await desk.ask('unrelated', { source: asked, conversation }, effects);
    await desk.done();
    return desk.read(id);
  }

  /** Somebody writes in the conversation, as handlers store it. Answers the message's ts. */
  async function write(
    of: Request,
    author: string,
    channel: string,
    threadTs: string,
    text: string,
  ): Promise<string> {
    const ts = desk.slack.say(author, channel, text, { threadTs });
    const message = {
      channel,
      ts,
      threadTs: null,
      requestId: of.id,
      author,
      role: 'reply',
      text,
      files: [],
      isInside: false,
    } as const;
    await insertMessage(desk.database.pool, message);
    await mirror(of, channel, ts);
    return ts;
  }

  async function mirror(of: Request, channel: string, ts: string): Promise<void> {
    await desk.change(of.id, {}, [{ kind: 'mirror', channel, ts }]);
    await desk.done();
  }

  const underCard = (of: Request) => desk.slack.thread('CTRIAGE', of.card!.ts).map(textOf);
  const underSource = (of: Request) => desk.slack.thread(of.source.channel!, of.source.ts).map(textOf);
  const publish = () => {
    desk.slack.channels.share('CTRIAGE');
  };
  const withheld = () =>
    desk.logger.lines.filter(({ message }) => message.includes('private text is withheld'));

  it('says in a mirrored card’s thread, before anything else, where it goes', async () => {
    const asked = await askByDm('my salary');
    expect(underCard(asked)[1]).to.include('goes to Asta by DM');
  });

  it('copies what either side writes to the other, under the writer’s name, and follows edits and deletions', async () => {
    const asked = await askByDm('my salary');
    const { channel, ts: head } = asked.source;
    const ts = await write(asked, ASK, channel!, head, 'it is <@UANA> late');
    expect(underCard(asked).at(-1)).to.include('Asta: it is @Ana late');
    await editMessage(desk.database.pool, channel!, ts, 'it is wrong', [], false);
    await mirror(asked, channel!, ts);
    expect(underCard(asked)).to.have.length(3);
    expect(underCard(asked).at(-1)).to.include('Asta: it is wrong');
    await blankMessage(desk.database.pool, channel!, ts);
    await mirror(asked, channel!, ts);
    expect(underCard(asked)).to.have.length(2);
    expect((await readMessage(desk.database.pool, channel!, ts))?.copy).to.equal(null);

    const answered = await write(asked, ANA, 'CTRIAGE', asked.card!.ts, 'we look');
    expect(underSource(asked).at(-1)).to.include('Ana: we look');
    await editMessage(desk.database.pool, 'CTRIAGE', answered, '🔒 we look', [], true);
    await mirror(asked, 'CTRIAGE', answered);
    expect(underSource(asked).join()).to.not.include('we look');
    await mirror(asked, 'CTRIAGE', answered);
    expect(await desk.waiting()).to.equal(0);
  });

  it('takes a copy back of which it was unknown whether it stands, when its author wants it inside by then', async () => {
    const asked = await askByDm('my salary');
    const ts = desk.slack.say(ANA, 'CTRIAGE', 'he earns too much', { threadTs: asked.card!.ts });
    await insertMessage(desk.database.pool, {
      channel: 'CTRIAGE',
      ts,
      threadTs: null,
      requestId: asked.id,
      author: ANA,
      role: 'reply',
      text: 'he earns too much',
      files: [],
      isInside: false,
    });
    desk.slack.failNext('chat.postMessage', { kind: 'reset', when: 'after' });
    await desk.change(asked.id, {}, [{ kind: 'mirror', channel: 'CTRIAGE', ts }]);
    await desk.slack.waitFor(() => underSource(asked).join().includes('too much'), 'the copy');
    await editMessage(desk.database.pool, 'CTRIAGE', ts, '🔒 he earns too much', [], true);
    await mirror(asked, 'CTRIAGE', ts);

    await desk.slack.waitFor(() => !underSource(asked).join().includes('too much'), 'the copy to be gone');
  });

  it('does not bring back a copy that somebody removed, nor one that is gone already', async () => {
    const asked = await askByDm('my salary');
    const { channel, ts: head } = asked.source;
    const ts = await write(asked, ASK, channel!, head, 'late');
    const { copy } = (await readMessage(desk.database.pool, channel!, ts))!;
    desk.slack.removeAny(copy!);
    await mirror(asked, channel!, ts);
    expect(underCard(asked)).to.have.length(2);
    await blankMessage(desk.database.pool, channel!, ts);
    await mirror(asked, channel!, ts);
    expect((await readMessage(desk.database.pool, channel!, ts))?.copy).to.equal(null);
  });

  it('copies nothing of a message that it does not know, and nothing of a conversation that has one place', async () => {
    const asked = await desk.ask('in a channel');
    await desk.done();
    await write(asked, ANA, 'CHELP', asked.source.ts, 'we look');
    await mirror(asked, 'CHELP', '1.000001');
    expect(desk.posts('CTRIAGE')).to.have.length(1);
  });

  it('posts the card anew before a copy that belongs under it', async () => {
    const asked = await askByDm('my salary', [{ kind: 'asker_reply' }]);
    const { channel, ts: head } = asked.source;
    await write(asked, ASK, channel!, head, 'are you there?');
    const now = await desk.read(asked.id);
    const thread = underCard(now);
    expect(thread[0]).to.include('my salary');
    expect(thread.filter((text) => text.includes('are you there?'))).to.have.length(1);
  });

  it('shows nothing of what an asker writes before they agreed', async () => {
    const asked = await askByDm('my salary', []);
    await desk.change(asked.id, { state: 'unposted', unshownText: 'my salary' }, []);
    const { channel, ts: head } = asked.source;
    await write(asked, ASK, channel!, head, 'it is late');
    expect(desk.posts('CTRIAGE')).to.have.length(0);
  });

  it('withholds private text in a channel that became public since, and tells the operator', async () => {
    publish();
    const asked = await askByDm('my salary');
    const { channel, ts: head } = asked.source;
    await write(asked, ASK, channel!, head, 'is 1000');
    const shown = desk.posts('CTRIAGE').map(textOf).join('\n');
    expect(shown).to.include(WITHHELD_WORDS).and.not.include('salary').and.not.include('1000');
    expect(withheld()).to.have.length(2);
    expect(withheld()[0]?.meta).to.include({ requestId: asked.id, key: `r${asked.id}.v1.0.card` });
    expect(JSON.stringify(desk.logger.lines)).to.not.include('salary');
  });

  it('asks Slack at every post whether the channel is still private', async () => {
    const before = await askByDm('shown');
    expect(textOf(desk.slack.thread('CTRIAGE', before.card!.ts)[0]!)).to.include('shown');
    // The directory of the relay knows the channel as private and hears of no event.
    publish();
    await askByDm('hidden');
    expect(desk.posts('CTRIAGE').map(textOf).join('\n')).to.not.include('hidden');
  });

  it('shows there what its asker agreed to show there, as the domain words it', async () => {
    publish();
    const unposted = request({ state: 'unposted', asker: ASK });
    const agreed = transition(unposted, yes(unposted), situation({ by: ASK }));
    const rewritten = request({ unshownText: 'new words', asker: ASK });
    const edited = transition(rewritten, yes(rewritten), situation({ by: ASK }));
    const moved = transition(
      request(),
      { kind: 'move', queue: 'hr', asksConsent: false },
      situation({ by: BEN, target: { queue: queue({ name: 'hr' }), responders: RESPONDERS } }),
    );
    const whats = [agreed, edited, moved].map((outcome) => ('what' in outcome ? outcome.what : 'refused'));
    const asked = await askByDm('my salary', []);
    const { pool } = desk.database;
    expect(await hasAgreed(pool, asked.id)).to.equal(false);
    await desk.change(asked.id, {}, [], whats[0]);
    expect(await hasAgreed(pool, asked.id)).to.equal(true);
    await desk.change(asked.id, {}, [], whats[2]);
    expect(await hasAgreed(pool, asked.id)).to.equal(false);
    await desk.change(asked.id, {}, [], whats[1]);
    expect(await hasAgreed(pool, asked.id)).to.equal(true);
    await desk.change(asked.id, {}, [], 'took it');
    await desk.change(asked.id, {}, SHOWN);
    await desk.done();
    const now = await desk.read(asked.id);
    await write(now, ASK, now.source.channel!, now.source.ts, 'is 1000');
    expect(underCard(now).join()).to.include('my salary').and.include('is 1000');
  });
});
