import { ApiError, type Call, type Method, type Parts, page } from './method.ts';
import type { Json, Person } from './wire.ts';
import type { World } from './world.ts';

/** A person as users.info, users.list and user_change show them. */
export function userOf(world: World, person: Person, withEmail: boolean): Json {
  const isStranger = person.teamId !== world.teamId;
  const profile: Json = {
    real_name: person.realName,
    real_name_normalized: person.realName,
    display_name: person.displayName,
    display_name_normalized: person.displayName,
    team: person.teamId,
    avatar_hash: '0',
    image_72: `https://avatars.invalid/${person.id}.png`,
    ...(withEmail && !person.isBot ? { email: person.email } : {}),
    ...(person.id === world.botUserId ? { bot_id: world.botId, api_app_id: world.appId } : {}),
  };
  const user: Json = {
    id: person.id,
    team_id: person.teamId,
    name: person.name,
    deleted: person.deleted,
    profile,
    is_bot: person.isBot,
    is_app_user: false,
    updated: 0,
    ...(isStranger ? { is_stranger: true } : {}),
  };
  if (person.deleted) return user;
  return {
    ...user,
    real_name: person.realName,
    tz: person.tz,
    tz_label: person.tz,
    tz_offset: offsetSeconds(person.tz, world.clock.now()),
    is_admin: false,
    is_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
  };
}

/** Seconds east of UTC at an instant. */
function offsetSeconds(tz: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: tz, timeZoneName: 'longOffset' }).formatToParts(
    at,
  );
  const text = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const match = /GMT([+-])(\d+):(\d+)/.exec(text);
  if (!match) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 3600 + Number(match[3]) * 60);
}

function wanted(call: Call, world: World): Person {
  const person = world.people.get(call.text('user') ?? '');
  if (!person) throw new ApiError('user_not_found');
  return person;
}

const bot = (run: (call: Call, parts: Parts) => Json): Method => ({ token: 'bot', run });

export const userMethods: Record<string, Method> = {
  'auth.test': {
    token: 'any',
    run: (call, { world }) => {
      if (call.token === 'app') return { app_id: world.appId, app_name: 'TrIAge' };
      return {
        url: `https://${world.teamDomain}.slack.com/`,
        team: world.teamName,
        user: world.person(world.botUserId).name,
        team_id: world.teamId,
        user_id: world.botUserId,
        bot_id: world.botId,
        is_enterprise_install: false,
      };
    },
  },

  'apps.connections.open': { token: 'app', run: (_call, { gateway }) => ({ url: gateway.newTicketUrl() }) },

  'users.info': bot((call, { world }) => {
    call.need('users:read');
    return { user: userOf(world, wanted(call, world), call.has('users:read.email')) };
  }),

  'users.list': bot((call, { world }) => {
    call.need('users:read');
    const { rows, next } = page([...world.people.values()], call, call.number('limit', 1000));
    return {
      members: rows.map((person) => userOf(world, person, call.has('users:read.email'))),
      cache_ts: Math.floor(world.clock.now() / 1000),
      response_metadata: { next_cursor: next },
    };
  }),

  'users.lookupByEmail': bot((call, { world }) => {
    call.need('users:read.email');
    const email = call.text('email')?.toLowerCase();
    const person = [...world.people.values()].find(
      (each) => !each.isBot && each.email.toLowerCase() === email,
    );
    if (!person || person.deleted) throw new ApiError('users_not_found');
    return { user: userOf(world, person, true) };
  }),

  'dnd.info': bot((call, { world }) => {
    call.need('dnd:read');
    const dnd = call.text('user') === undefined ? null : wanted(call, world).dnd;
    if (!dnd) return { dnd_enabled: false, next_dnd_start_ts: 1, next_dnd_end_ts: 1 };
    return {
      dnd_enabled: true,
      next_dnd_start_ts: Math.floor(dnd.startsAt / 1000),
      next_dnd_end_ts: Math.floor(dnd.endsAt / 1000),
    };
  }),
};
