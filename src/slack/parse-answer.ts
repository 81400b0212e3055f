/** People and channels as the Web API describes them. */
import { asRecord, flag, id, list, text } from './json.ts';
import type { SlackChannel, SlackPerson } from './port.ts';

/** Null without an id. */
export function readPerson(value: unknown): SlackPerson | null {
  const user = asRecord(value);
  const profile = asRecord(user.profile);
  const found = id(user.id);
  if (found === null) return null;
  const handle = text(user.name);
  const displayName = text(profile.display_name);
  const home = id(user.team_id);
  const others = list(asRecord(user.enterprise_user).teams).flatMap((team) => id(team) ?? []);
  return {
    id: found,
    handle,
    displayName,
    name: displayName ?? text(profile.real_name) ?? text(user.real_name) ?? handle ?? found,
    zone: text(user.tz),
    email: text(profile.email),
    // Slackbot has no bot mark.
    isBot: flag(user.is_bot) || found === 'USLACKBOT',
    isDeactivated: flag(user.deleted),
    teamIds: home === null ? others : [home, ...others.filter((team) => team !== home)],
    isStranger: flag(user.is_stranger),
  };
}

/** Null without an id. */
export function readChannel(value: unknown): SlackChannel | null {
  const channel = asRecord(value);
  const found = id(channel.id);
  if (found === null) return null;
  const isDm = flag(channel.is_im);
  return {
    id: found,
    name: text(channel.name) ?? '',
    isPrivate: isDm || flag(channel.is_private) || flag(channel.is_group) || flag(channel.is_mpim),
    isDm,
    isShared: flag(channel.is_ext_shared) || flag(channel.is_org_shared) || flag(channel.is_shared),
    isArchived: flag(channel.is_archived),
    isMember: isDm || flag(channel.is_member),
    dmUser: isDm ? id(channel.user) : null,
  };
}
