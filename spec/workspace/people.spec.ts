import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { readManifest } from './manifest.ts';
import { type SmallApp, startSmallApp } from './small-app.ts';
import type { Channel, Json, Person } from './wire.ts';

describe('people in the local Slack', () => {
  let app: SmallApp;
  let ana: Person;
  let ben: Person;
  let help: Channel;

  beforeEach(async () => {
    app = await startSmallApp();
    ana = app.slack.people.add({ name: 'ana' });
    ben = app.slack.people.add({ name: 'ben' });
    help = app.slack.channels.add({ name: 'help', members: [ana, ben] });
  });
  afterEach(() => app.close());

  /** The events that arrive because of what somebody does, once they are acknowledged. */
  async function because(act: () => void): Promise<Json[]> {
    const before = app.events().length;
    act();
    await app.slack.waitFor(() => app.slack.unsettled() === 0, 'acknowledgements');
    return app.events().slice(before);
  }

  it('write what Slack would store: escaped, with people, channels, links and emoji as tokens', async () => {
    const text =
      '🔴 @ben & <@U0FAKE> <!channel> in #help: see https://example.com/?a=1&b=2 or ana@example.com @here';
    const [event] = await because(() => app.slack.say(ana, help, text));
    expect(event?.['text']).to.equal(
      `:red_circle: <@${ben.id}> &amp; &lt;@U0FAKE&gt; &lt;!channel&gt; in <#${help.id}|help>: see ` +
        '<https://example.com/?a=1&amp;b=2> or <mailto:ana@example.com|ana@example.com> <!here>',
    );
    const [wire] = await because(() => app.slack.say(ana, help, '<!channel> &amp;', { isEscaped: true }));
    expect(wire?.['text']).to.equal('<!channel> &amp;');
  });

  it('write threads, files, and through other apps', async () => {
    const first = app.slack.say(ana, help, 'first');
    const [, reply] = await because(() => app.slack.say(ben, help, 'reply', { threadTs: first }));
    expect(reply).to.include({ thread_ts: first, parent_user_id: ana.id, channel_type: 'channel' });
    const [shared] = await because(() =>
      app.slack.say(ben, help, 'both', { threadTs: first, broadcast: true }),
    );
    expect(shared).to.include({ subtype: 'thread_broadcast' }).and.to.have.nested.property('root.ts', first);
    const [file] = await because(() =>
      app.slack.say(ana, help, 'see', { files: [{ name: 'log.txt', size: 9 }] }),
    );
    expect(file)
      .to.include({ subtype: 'file_share' })
      .and.to.have.nested.property('files[0].name', 'log.txt');
    const [bot] = await because(() => app.slack.say(ana, help, 'disk full', { asBot: 'Nagios' }));
    expect(bot).to.include({ subtype: 'bot_message', username: 'Nagios' }).and.to.not.have.property('user');
    const thread = app.slack.thread(help, first);
    expect(thread.map((each) => each.text)).to.deep.equal(['first', 'reply', 'both']);
    expect(thread[0]).to.include({ reply_count: 2, thread_ts: first });
  });

  it('edit and delete, told with what was there before', async () => {
    const ts = app.slack.say(ana, help, 'one');
    const ref = { channel: help.id, ts };
    const [, edited] = await because(() => app.slack.edit(ana, ref, 'two'));
    expect(edited).to.include({ subtype: 'message_changed', channel: help.id });
    expect(edited).to.have.nested.property('message.text', 'two');
    expect(edited).to.have.nested.property('message.edited.user', ana.id);
    expect(edited).to.have.nested.property('previous_message.text', 'one');
    const mention = await because(() => app.slack.edit(ana, ref, '@triage two'));
    expect(mention.map((each) => each['type'])).to.deep.equal(['message', 'app_mention']);
    const again = await because(() => app.slack.edit(ana, ref, '@triage three'));
    expect(again.map((each) => each['type'])).to.deep.equal(['message']);
    const [unfurled] = await because(() => app.slack.unfurl(ref));
    expect(unfurled).to.have.nested.property('message.text', `<@${app.slack.botUserId}> three`);
    const [deleted] = await because(() => app.slack.remove(ana, ref));
    expect(deleted).to.include({ subtype: 'message_deleted', deleted_ts: ts });
    expect(() => app.slack.edit(ben, { channel: help.id, ts: app.slack.say(ana, help, 'x') }, 'y')).to.throw(
      /did not write/,
    );
  });

  it('leave a tombstone where a deleted message has replies', async () => {
    const ts = app.slack.say(ana, help, 'first');
    const reply = app.slack.say(ben, help, 'reply', { threadTs: ts });
    const [, , tomb] = await because(() => app.slack.remove(ana, { channel: help.id, ts }));
    expect(tomb).to.include({ subtype: 'message_changed' });
    expect(tomb).to.have.nested.property('message.subtype', 'tombstone');
    expect(tomb).to.have.nested.property('previous_message.text', 'first');
    expect(app.slack.sees(ben, 'first')).to.equal(false);
    const gone = await because(() => app.slack.remove(ben, { channel: help.id, ts: reply }));
    expect(gone.map((each) => each['deleted_ts'])).to.deep.equal([reply, ts]);
  });

  it('react, join, leave and are deactivated', async () => {
    const ts = app.slack.say(ana, help, 'look');
    const ref = { channel: help.id, ts };
    const [, added] = await because(() => app.slack.react(ben, ref, 'eyes'));
    expect(added).to.deep.include({
      type: 'reaction_added',
      user: ben.id,
      reaction: 'eyes',
      item_user: ana.id,
    });
    expect(added?.['item']).to.deep.equal({ type: 'message', channel: help.id, ts });
    const [removed] = await because(() => app.slack.unreact(ben, ref, 'eyes'));
    expect(removed).to.include({ type: 'reaction_removed' });
    const left = await because(() => app.slack.leave(ben, help));
    expect(left).to.have.length(1);
    expect(left[0]).to.include({ type: 'member_left_channel', user: ben.id, channel: help.id });
    const joined = await because(() => app.slack.join(ben, help));
    expect(joined.map((each) => each['subtype'] ?? each['type'])).to.deep.equal([
      'member_joined_channel',
      'channel_join',
    ]);
    const [gone] = await because(() => app.slack.deactivate(ben));
    expect(gone).to.include({ type: 'user_change' }).and.to.have.nested.property('user.deleted', true);
    expect(help.members.has(ben.id)).to.equal(false);
  });

  it('rename, archive, share and delete channels', async () => {
    const { channels } = app.slack;
    const secret = channels.add({ name: 'secret', isPrivate: true, members: [ana] });
    const seen = await because(() => {
      channels.rename(help, 'support');
      channels.archive(help);
      channels.archive(help, false);
      channels.share(help);
      channels.share(help, false);
      channels.archive(secret);
      channels.delete(help);
    });
    expect(seen.map((each) => each['type'])).to.deep.equal([
      'channel_rename',
      'channel_archive',
      'channel_unarchive',
      'channel_shared',
      'channel_unshared',
      'group_archive',
      'channel_deleted',
    ]);
  });

  it('remove the app, which is told and refused', async () => {
    const seen = await because(() => app.slack.uninstall());
    expect(seen.map((each) => each['type'])).to.deep.equal(['tokens_revoked', 'app_uninstalled']);
    const refused: unknown = await app.web.auth.test().catch((error: unknown) => error);
    expect(refused).to.have.nested.property('data.error', 'account_inactive');
  });

  it('see public channels, their own private ones and their own direct messages', async () => {
    const eve = app.slack.people.add({ name: 'eve', teamId: 'T0OTHER' });
    const secret = app.slack.channels.add({ name: 'secret', isPrivate: true, members: [ana] });
    const open = app.slack.channels.add({ name: 'open', members: [ana] });
    app.slack.say(ana, secret, 'in secret');
    app.slack.say(ana, open, 'in the open');
    app.slack.dm(ana, 'to the bot');
    const reads = (who: Person): unknown[] => app.slack.visibleTo(who).map((each) => each.text);
    expect(reads(ana)).to.deep.equal(['in secret', 'in the open', 'to the bot']);
    expect(reads(ben)).to.deep.equal(['in the open']);
    expect(reads(eve)).to.deep.equal([]);
    expect((await app.web.users.info({ user: eve.id })).user).to.include({
      is_stranger: true,
      team_id: 'T0OTHER',
    });
  });

  it('are heard by the bot only as far as its scopes go', async () => {
    await app.close();
    app = await startSmallApp({ scopes: ['im:history', 'commands'] });
    ana = app.slack.people.add({ name: 'ana' });
    help = app.slack.channels.add({ name: 'help', members: [ana] });
    const seen = await because(() => {
      app.slack.say(ana, help, '@triage hello');
      app.slack.dm(ana, 'hello');
    });
    expect(seen.map((each) => each['channel_type'])).to.deep.equal(['im']);
  });

  it('are heard by the bot only in what its manifest subscribes to, and no mention is told of in a direct message', async () => {
    await app.close();
    app = await startSmallApp({
      manifest: { ...readManifest(), events: new Set(['message.im', 'app_mention']) },
    });
    ana = app.slack.people.add({ name: 'ana' });
    help = app.slack.channels.add({ name: 'help', members: [ana] });
    const seen = await because(() => {
      app.slack.say(ana, help, '@triage hello');
      app.slack.dm(ana, '@triage hello');
    });
    expect(seen.map((each) => each['channel_type'] ?? each['type'])).to.deep.equal(['app_mention', 'im']);
  });
});
