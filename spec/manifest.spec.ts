import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { readManifest } from './workspace/manifest.ts';

/** What each event needs to be delivered at all (docs.slack.dev, by event). */
const NEEDS: Record<string, string | undefined> = {
  app_mention: 'app_mentions:read',
  app_uninstalled: undefined,
  channel_archive: 'channels:read',
  channel_deleted: 'channels:read',
  channel_rename: 'channels:read',
  channel_shared: 'channels:read',
  channel_unarchive: 'channels:read',
  channel_unshared: 'channels:read',
  group_archive: 'groups:read',
  group_deleted: 'groups:read',
  group_rename: 'groups:read',
  group_unarchive: 'groups:read',
  member_joined_channel: 'channels:read',
  member_left_channel: 'channels:read',
  'message.channels': 'channels:history',
  'message.groups': 'groups:history',
  'message.im': 'im:history',
  reaction_added: 'reactions:read',
  reaction_removed: 'reactions:read',
  tokens_revoked: undefined,
  user_change: 'users:read',
};

describe('the Slack app manifest', () => {
  const manifest = readManifest();
  const text = readFileSync(new URL('../config/slack-app-manifest.yaml', import.meta.url), 'utf8');

  it('subscribes to the events that TrIAge reads, each with its scope', () => {
    expect([...manifest.events].toSorted()).to.deep.equal(Object.keys(NEEDS).toSorted());
    for (const scope of Object.values(NEEDS))
      if (scope !== undefined) expect(manifest.scopes).to.include(scope);
  });

  it('gives the reason for every scope beside it', () => {
    for (const scope of [...manifest.scopes, ...manifest.optionalScopes]) {
      expect(text).to.match(new RegExp(`^ +- ${scope} # \\S.+$`, 'm'));
    }
  });

  it('asks for all scopes at once and keeps to what is necessary', () => {
    expect(manifest.scopes).to.include.members([
      'im:read',
      'users:read.email',
      'dnd:read',
      'commands',
      'chat:write',
    ]);
    expect(manifest.optionalScopes).to.have.members(['reactions:write', 'files:read', 'files:write']);
    expect(manifest.scopes).to.not.include.members(['chat:write.public', 'channels:join', 'admin']);
  });

  it('has the command and both shortcuts, and no Home tab before it exists', () => {
    expect([...manifest.commands]).to.deep.equal(['/triage']);
    expect([...manifest.shortcuts]).to.deep.equal([
      ['triage_this', 'message'],
      ['new_request', 'global'],
    ]);
    expect(manifest.hints.get('/triage')).to.match(/^help \| new TEXT \|/);
    expect([...manifest.shortcutNames]).to.deep.equal([
      ['triage_this', 'Triage this'],
      ['new_request', 'New request'],
    ]);
    expect(manifest.isInteractive).to.equal(true);
    expect(manifest.hasHomeTab).to.equal(manifest.events.has('app_home_opened'));
    expect(text)
      .to.match(/socket_mode_enabled: true/)
      .and.to.match(/should_escape: true/);
    expect(text)
      .to.match(/token_rotation_enabled: false/)
      .and.to.match(/messages_tab_read_only_enabled: false/);
  });
});
