/** Who could read what the bot sent with one call, and which private words were in it. */
import type { CallRecord } from '../workspace/web-api.ts';
import { asText, isJson } from '../workspace/wire.ts';
import type { Evidence } from './evidence.ts';
import { wordsIn } from './model.ts';

export interface Shown {
  readonly word: string;
  readonly user: string;
  readonly where: string;
}

const TO_CHANNEL = new Set(['chat.postMessage', 'chat.update']);
const TO_PERSON = new Set(['chat.postEphemeral']);

export function wordsOfCall({ slack }: Pick<Evidence, 'slack'>, call: CallRecord): readonly Shown[] {
  const words = wordsIn(
    JSON.stringify({ text: call.body['text'], blocks: call.body['blocks'], view: call.body['view'] }),
  );
  if (words.length === 0) return [];
  const each = (users: readonly string[], where: string): readonly Shown[] =>
    words.flatMap((word) => users.map((user) => ({ word, user, where })));
  if (TO_PERSON.has(call.method)) return each([asText(call.body['user'])], 'an ephemeral');
  if (TO_CHANNEL.has(call.method)) {
    // A person's id stands for their DM.
    const id = asText(call.body['channel']);
    const channel = slack.world.channels.get(slack.world.people.has(id) ? slack.dmOf(id) : id);
    if (channel === undefined) return [];
    if (channel.imUser !== null) return each([channel.imUser], 'their DM');
    if (!channel.isPrivate)
      return each(
        [...slack.world.people.values()].filter(({ isBot }) => !isBot).map(({ id: user }) => user),
        `#${channel.name}, which is public`,
      );
    return each(
      [...channel.members].filter((user) => user !== slack.botUserId),
      `#${channel.name}`,
    );
  }
  // A form is for whoever pressed; whose it was is in the answer.
  const view = isJson(call.answer?.['view']) ? call.answer['view'] : undefined;
  const opened = view === undefined ? undefined : slack.world.views.get(asText(view['id']));
  return opened === undefined ? [] : each([opened.user], 'a form');
}
