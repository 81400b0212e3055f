/** All the ways in: what people of a soak ask, and what they write that asks nothing. */
import type { Channel, Person } from '../workspace/wire.ts';
import { type Expected, type Told, type WordKind } from './model.ts';
import { pickAt } from './random.ts';
import { type Act, deed, newForm, type Stage, topMessages } from './stage.ts';

const LEVELS = ['', '', '', '', '🔴 ', '🟠 ', ':white_circle: '] as const;
const SENTENCES = [
  'my monitor stays black',
  'the printer <b>eats</b> paper & smokes',
  '*who* can unlock @ana and #help-it for me?',
  'the VPN is down\nsince this morning\n> all of it',
  'I need access to `payroll` _today_',
] as const;

export function sentence(word: string, at: number): string {
  return `${word} ${pickAt(SENTENCES, at)}`;
}

/** Somebody writes, and the model knows what must come of it. */
export function write(
  { slack, model }: Stage,
  who: Person,
  where: { readonly id: string },
  text: (word: string) => string,
  expected: Expected,
  more: { readonly threadTs?: string; readonly kind?: WordKind } = {},
): Told {
  const word = model.newWord();
  const ts = slack.say(who, where, text(word), { threadTs: more.threadTs });
  return model.write(
    {
      channel: where.id,
      ts,
      by: who.id,
      threadTs: more.threadTs ?? null,
      isDm: where.id === slack.dmOf(who),
      expected,
    },
    word,
    more.kind ?? 'ask',
  );
}

function mine(who: Person, channels: readonly Channel[]): readonly Channel[] {
  return channels.filter(({ members }) => members.has(who.id));
}

export const askInChannel: Act = (stage, who, [where, level, words]) => {
  const channel = pickAt(mine(who, stage.team.everyMessage), where);
  const told = write(stage, who, channel, (word) => pickAt(LEVELS, level) + sentence(word, words), 'request');
  return deed(`asks in #${channel.name}`, told, ...told.words);
};

export const dm: Act = (stage, who, [, level, words]) => {
  const where = { id: stage.slack.dmOf(who) };
  const told = write(stage, who, where, (word) => pickAt(LEVELS, level) + sentence(word, words), 'kept');
  // It may answer, or belong to, an earlier request.
  stage.model.did(who.id, 'reply', told);
  return deed('writes to the bot', told, ...told.words);
};

export const dmNew: Act = (stage, who, [, , words]) => {
  const where = { id: stage.slack.dmOf(who) };
  const told = write(stage, who, where, (word) => `new ${sentence(word, words)}`, 'request');
  return deed('writes `new …` to the bot', told, ...told.words);
};

export const mention: Act = (stage, who, [where, , words]) => {
  const channel = pickAt(mine(who, stage.team.mention), where);
  const bot = `<@${stage.slack.botUserId}>`;
  const told = write(stage, who, channel, (word) => `${bot} ${sentence(word, words)}`, 'request');
  return deed(`mentions the bot in #${channel.name}`, told, ...told.words);
};

export const chatter: Act = (stage, who, [where, , words]) => {
  const channel = pickAt(mine(who, stage.team.mention), where);
  const told = write(stage, who, channel, (word) => sentence(word, words), 'nothing');
  return deed(`talks in #${channel.name}`, told, ...told.words);
};

/** Messages of channels in which only a mention, a 🎫 or the shortcut makes a request. */
function chatterFor(stage: Stage, who: Person): readonly Told[] {
  const channels = new Set(stage.team.mention.map(({ id }) => id));
  return topMessages(stage, who, ({ channel }) => channels.has(channel));
}

export const mentionInThread: Act = (stage, who, [which, , words]) => {
  const root = pickAt(chatterFor(stage, who), which);
  const bot = `<@${stage.slack.botUserId}>`;
  const where = { id: root.channel };
  const told = write(stage, who, where, (word) => `${bot} ${sentence(word, words)}`, 'maybe', {
    threadTs: root.ts,
  });
  if (root.expected === 'nothing') root.expected = 'request';
  stage.model.did(who.id, 'capture', root);
  stage.model.did(who.id, 'reply', told);
  return deed('mentions the bot in a thread', root, told, ...root.words, ...told.words);
};

export const ticket: Act = (stage, who, [which]) => {
  const message = pickAt(chatterFor(stage, who), which);
  stage.slack.react(who, message, 'ticket');
  if (message.expected === 'nothing') message.expected = 'request';
  stage.model.did(who.id, 'capture', message);
  return deed('puts 🎫 on a message', message, ...message.words);
};

export const shortcut: Act = async (stage, who, [which]) => {
  const message = pickAt(chatterFor(stage, who), which);
  if (message.expected === 'nothing') message.expected = 'maybe';
  stage.model.did(who.id, 'capture', message);
  const outcome = await stage.slack.shortcut(who, 'triage_this', message);
  // The shortcut carries the message: it needs no look-up, and nothing that came before makes it fail.
  if (outcome.error === undefined) message.expected = 'request';
  return deed(`uses *Triage this* (${outcome.error ?? 'acknowledged'})`, message, ...message.words);
};

export const slashNew: Act = async (stage, who, [where, level, words]) => {
  const { slack, team, model } = stage;
  const channel = pickAt(mine(who, [...team.everyMessage, ...team.mention]), where);
  const word = model.newWord();
  const text = `new ${pickAt(LEVELS, level)}${sentence(word, words)}`;
  model.fill(who.id, word, 'maybe');
  const { error } = await slack.slash(who, channel, '/triage', text);
  if (error === undefined) Object.assign(model.filled.find((one) => one.word === word) ?? {}, EXPECTED);
  return deed(`types /triage new in #${channel.name} (${error ?? 'acknowledged'})`, word);
};

const EXPECTED = { expected: 'request' } as const;

export const formNew: Act = async (stage, who, [queue, level, words]) => {
  const { slack, model } = stage;
  const outcome = await slack.shortcut(who, 'new_request');
  if (outcome.error !== undefined) return deed(`wants a form (${outcome.error})`);
  const view = await newForm(stage, who, ({ body }) => body['callback_id'] === 'new_request');
  if (view === null) return deed('wants a form, and none opens');
  const word = model.newWord();
  model.fill(who.id, word, 'maybe');
  const values = {
    text: sentence(word, words),
    queue: pickAt(['it', 'web', 'hr'], queue),
    level: pickAt(['urgent', 'high', 'normal', 'low'], level),
  };
  const { error, errors } = await slack.submit(who, values, view.id);
  if (error === undefined && errors === undefined)
    Object.assign(model.filled.find((one) => one.word === word) ?? {}, EXPECTED);
  return deed(`fills in the form for ${values.queue} (${error ?? 'acknowledged'})`, word);
};
