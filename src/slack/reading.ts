/** The half of the client that only reads. */
import { TransientError } from '../errors.ts';
import { call, callPages, entries, orNull, readable, type Web } from './calls.ts';
import { SlackRefusal } from './errors.ts';
import type { ShownMessage } from './event.ts';
import { asRecord, id, type JsonRecord, list, text, timestamp } from './json.ts';
import { readChannel, readPerson } from './parse-answer.ts';
import { readMessage, readReactions } from './parse-message.ts';
import type { Installation, SlackChannel, SlackClient, TokenState, Turn } from './port.ts';
import { compareTimestamps } from './timestamp.ts';

/** `event_type` of the metadata of our posts. */
export const POST_EVENT = 'triage_post';

/** Slack asks for no more than 200 a page, and gives at most 1,000. */
const PAGE = 200;
const LARGE_PAGE = 1000;

type Reading = Pick<
  SlackClient,
  | 'authTest'
  | 'person'
  | 'people'
  | 'personByEmail'
  | 'channel'
  | 'joinedChannels'
  | 'visibleChannels'
  | 'members'
  | 'permalink'
  | 'findPost'
  | 'message'
  | 'history'
  | 'thread'
>;

export function createReading(web: Web): Reading {
  return {
    authTest: () => authTest(web),

    async person(user) {
      const answer = await orNull(
        call(web, 'read', 'users.info', { user }),
        'user_not_found',
        'user_not_visible',
      );
      return answer === null ? null : readable(readPerson(answer.user), 'users.info');
    },

    async people() {
      const members = await callPages(web, 'users.list', 'members', { limit: LARGE_PAGE });
      return members.flatMap((member) => readPerson(member) ?? []);
    },

    async personByEmail(email) {
      const answer = await orNull(call(web, 'read', 'users.lookupByEmail', { email }), 'users_not_found');
      return answer === null ? null : readable(readPerson(answer.user), 'users.lookupByEmail');
    },

    async channel(channel) {
      const answer = await orNull(call(web, 'read', 'conversations.info', { channel }), 'channel_not_found');
      return answer === null ? null : readable(readChannel(answer.channel), 'conversations.info');
    },

    async joinedChannels() {
      const types = 'public_channel,private_channel,im';
      const found = await channels(web, 'users.conversations', types);
      // Slack leaves `is_member` out where it goes without saying.
      return found.map((channel) => ({ ...channel, isMember: true }));
    },

    visibleChannels: () => channels(web, 'conversations.list', 'public_channel,private_channel'),

    async members(channel) {
      const found = await callPages(web, 'conversations.members', 'members', { channel, limit: LARGE_PAGE });
      return found.flatMap((member) => id(member) ?? []);
    },

    async permalink({ channel, ts }) {
      const asked = call(web, 'read', 'chat.getPermalink', { channel, message_ts: ts });
      return text((await orNull(asked, 'message_not_found', 'channel_not_found'))?.permalink);
    },

    async findPost({ channel, threadTs, key, sinceTs }) {
      const range = { channel, oldest: sinceTs, inclusive: true, include_all_metadata: true };
      const found =
        threadTs === undefined || threadTs === null
          ? await callPages(web, 'conversations.history', 'messages', { ...range, limit: PAGE })
          : ((await thread(web, { ...range, ts: threadTs })) ?? []);
      // Where one message cannot be read, it may be the one that is looked for.
      for (const each of found) readable(timestamp(asRecord(each).ts), 'the history');
      const post = found.find((each) => hasKey(asRecord(each), key));
      const ts = timestamp(asRecord(post).ts);
      return ts === null ? null : { channel, ts };
    },

    message: ({ channel, ts }, threadTs) => oneMessage(web, channel, ts, threadTs ?? null),

    async history({ channel, sinceTs, turn }) {
      const range = { channel, oldest: sinceTs, inclusive: true, limit: PAGE };
      return oldestFirst(await callPages(web, 'conversations.history', 'messages', range, turn));
    },

    async thread({ channel, threadTs, turn }) {
      const found = await thread(web, { channel, ts: threadTs }, turn);
      return found === null ? null : oldestFirst(found);
    },
  };
}

async function authTest(web: Web): Promise<Installation> {
  const answer = await call(web, 'read', 'auth.test');
  const userId = id(answer.user_id);
  const teamId = id(answer.team_id);
  if (userId === null || teamId === null) {
    // An app-level token passes here too, as an app.
    if (id(answer.app_id) !== null) throw new SlackRefusal('not_allowed_token_type', 'auth.test');
    throw new TransientError('auth.test: the answer names nobody');
  }
  return { userId, teamId, botId: id(answer.bot_id), teamUrl: text(answer.url), scopes: scopesOf(answer) };
}

/** Whose token it is; an app-level one is nobody's. */
export async function tokenTest(web: Web): Promise<TokenState> {
  const answer = await call(web, 'read', 'auth.test');
  return { userId: id(answer.user_id), scopes: scopesOf(answer) };
}

/** From a header of the answer, where the SDK puts it. */
function scopesOf(answer: JsonRecord): readonly string[] {
  return list(asRecord(answer.response_metadata).scopes).flatMap((scope) => text(scope) ?? []);
}

async function channels(web: Web, method: string, types: string): Promise<readonly SlackChannel[]> {
  const found = await callPages(web, method, 'channels', { types, limit: LARGE_PAGE });
  return found.flatMap((channel) => readChannel(channel) ?? []);
}

/** Messages of a thread; null if it is gone. */
async function thread(
  web: Web,
  args: Readonly<Record<string, unknown>>,
  turn?: Turn,
): Promise<readonly unknown[] | null> {
  const pages = callPages(web, 'conversations.replies', 'messages', { ...args, limit: PAGE }, turn);
  return orNull(pages, 'thread_not_found', 'message_not_found');
}

async function oneMessage(
  web: Web,
  channel: string,
  ts: string,
  threadTs: string | null,
): Promise<ShownMessage | null> {
  const only = { channel, oldest: ts, latest: ts, inclusive: true };
  const read = (all: readonly unknown[]): ShownMessage | null => {
    const found = all.find((each) => asRecord(each).ts === ts);
    const message = readMessage(found);
    return message === null ? null : { ...message, reactions: readReactions(found) };
  };
  if (threadTs !== null && threadTs !== ts) return read((await thread(web, { ...only, ts: threadTs })) ?? []);
  const answer = await call(web, 'read', 'conversations.history', { ...only, limit: 1 });
  // The history holds no replies; asked for the thread of a reply, Slack answers with that reply.
  return (
    read(entries(answer, 'messages', 'conversations.history')) ??
    read((await thread(web, { ...only, ts })) ?? [])
  );
}

function hasKey(found: JsonRecord, key: string): boolean {
  const metadata = asRecord(found.metadata);
  if (metadata.event_type === POST_EVENT && asRecord(metadata.event_payload).key === key) return true;
  return asRecord(list(found.blocks)[0]).block_id === key;
}

function oldestFirst(messages: readonly unknown[]): readonly JsonRecord[] {
  const dated = messages.map(asRecord).filter((each) => timestamp(each.ts) !== null);
  return dated.sort((a, b) => compareTimestamps(text(a.ts) ?? '', text(b.ts) ?? ''));
}
