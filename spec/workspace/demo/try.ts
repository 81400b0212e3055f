/** What a person types into the demo once the play is over, done in the local Slack as that person. */
import type { LocalSlack } from '../local-slack.ts';
import { textOf } from '../text-of.ts';
import type { Message, Person } from '../wire.ts';

export const TRY_LINES = [
  'uli dm My keyboard is sticky        a direct message to the bot',
  'uli #help-it The door is stuck      a message in a channel that TrIAge watches',
  'ana press #4 Take it                a button of a card, or an entry of its ⋯ menu',
  'ana reply #4 On my way              in the thread where asker and responders talk',
  'ana /triage list                    a command: try help, show #4, resolve #4 done',
];

/**
 * Does one line.
 * @returns what to tell whoever typed it; null when what happens says it
 */
export async function tryLine(
  slack: LocalSlack,
  triage: { id: string },
  line: string,
): Promise<string | null> {
  const [, who = '', what = '', rest = ''] = /^\s*@?(\S+)\s+(\S+)\s*(.*)$/.exec(line) ?? [];
  const people = [...slack.world.people.values()].filter(({ isBot, name }) => !isBot && name !== 'slackbot');
  const person = people.find(({ name }) => name === who.toLowerCase());
  if (person === undefined) return `Begin with who does it: ${people.map(({ name }) => name).join(', ')}.`;
  try {
    return await act(slack, triage, person, what, rest);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function act(
  slack: LocalSlack,
  triage: { id: string },
  person: Person,
  what: string,
  rest: string,
): Promise<string | null> {
  if (what.startsWith('#')) return say(slack, person, what.slice(1), rest);
  switch (what) {
    case 'dm':
      slack.dm(person, rest);
      return null;
    case '/triage': {
      const { error } = await slack.slash(person, triage, '/triage', rest);
      return error ?? null;
    }
    case 'press': {
      const [, number = '', button = ''] = /^#?(\d+)\s+(.+)$/.exec(rest) ?? [];
      const card = cardOf(slack, triage, number);
      await slack.press(person, { channel: triage.id, ts: card.ts }, button);
      return slack.views(person).length > 0
        ? 'That opens a form, which a terminal cannot show. Every form has a command too: /triage help.'
        : null;
    }
    case 'reply':
      return reply(slack, triage, person, rest);
    default:
      return 'Then what: dm, #channel, /triage, press or reply.';
  }
}

function say(slack: LocalSlack, person: Person, name: string, text: string): string | null {
  const channel = [...slack.world.channels.values()].find((one) => !one.isIm && one.name === name);
  if (channel === undefined) return `There is no #${name}.`;
  slack.say(person, channel, text);
  return null;
}

/** In the asker's thread for everybody who is there, under the card for responders of a DM request. */
function reply(slack: LocalSlack, triage: { id: string }, person: Person, rest: string): string | null {
  const [, number = '', text = ''] = /^#?(\d+)\s+(.+)$/.exec(rest) ?? [];
  const channels = [...slack.world.channels.values()].filter(
    (one) => one.members.has(person.id) && one.id !== triage.id,
  );
  for (const channel of channels) {
    const answer = channel.messages.find(
      (one) =>
        one.user === slack.botUserId &&
        one.thread_ts !== undefined &&
        new RegExp(`#${number}\\b`).test(textOf(one)),
    );
    if (answer?.thread_ts === undefined) continue;
    slack.say(person, channel, text, { threadTs: answer.thread_ts });
    return null;
  }
  slack.say(person, triage, text, { threadTs: cardOf(slack, triage, number).ts });
  return null;
}

function cardOf(slack: LocalSlack, triage: { id: string }, number: string): Message {
  const card = slack
    .messages(triage)
    .find(
      (one) =>
        one.user === slack.botUserId &&
        (one.thread_ts ?? one.ts) === one.ts &&
        new RegExp(`#${number}\\b`).test(one.text),
    );
  if (number === '' || card === undefined) throw new Error(`There is no card #${number}.`);
  return card;
}
