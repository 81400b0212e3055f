/** What people of a soak do around requests without a button: replies, edits, deletions, reactions, comings and goings. */
import type { Person } from '../workspace/wire.ts';
import { sentence, write } from './asking.ts';
import { type Told } from './model.ts';
import { Nothing, pickAt, pickLate } from './random.ts';
import { type Act, cardsFor, deed, numberOn, type Stage, topMessages } from './stage.ts';

/** In the thread of a message that is (perhaps) a request: its asker or a responder, or whoever is there. */
export const reply: Act = (stage, who, [which, , words]) => {
  const root = pickLate(
    topMessages(stage, who, ({ expected }) => expected !== 'nothing'),
    which,
  );
  // In the DM what comes after an end is a new request.
  const expected = root.isDm ? 'maybe' : 'nothing';
  const where = { id: root.channel };
  const told = write(stage, who, where, (word) => sentence(word, words), expected, {
    threadTs: root.ts,
    kind: 'reply',
  });
  stage.model.did(who.id, 'reply', told);
  return deed('replies in a thread', root, told, ...root.words, ...told.words);
};

/** Under a card; at times with 🔒, which keeps it there. */
export const replyUnderCard: Act = (stage, who, [which, lock, words]) => {
  const card = pickLate(cardsFor(stage, who), which);
  const isInside = lock < 0.3;
  const text = (word: string): string => (isInside ? `🔒 ${word} not for them` : sentence(word, words));
  const told = write(stage, who, { id: card.channel }, text, 'nothing', {
    threadTs: card.ts,
    kind: isInside ? 'inside' : 'reply',
  });
  stage.model.did(who.id, 'reply', told);
  const about = numberOn(card);
  return deed(`replies under a card${isInside ? ' with 🔒' : ''}`, card, told, ...told.words, about ?? '');
};

function own({ model }: Stage, who: Person): readonly Told[] {
  return [...model.told.values()]
    .filter(({ by, removedAt }) => by === who.id && removedAt === null)
    .slice(-25);
}

/** At times twice in a row, which may then be told in the other order. */
export const edit: Act = (stage, who, [which, lock, words]) => {
  const told = pickLate(own(stage, who), which);
  const times = words < 0.3 ? 2 : 1;
  let isInside = false;
  for (let time = 0; time < times; time += 1) isInside = editOnce(stage, who, told, lock, words);
  return deed(
    `edits a message${times > 1 ? ' twice' : ''}${isInside ? ', with 🔒' : ''}`,
    told,
    ...told.words,
  );
};

function editOnce(
  { slack, model, team }: Stage,
  who: Person,
  told: Told,
  lock: number,
  words: number,
): boolean {
  const message = slack.world.channel(told.channel).byTs.get(told.ts);
  if (message === undefined) throw new Nothing('it is gone');
  const word = model.newWord();
  const isUnderCard =
    told.threadTs !== null && Object.values(team.triage).some(({ id }) => id === told.channel);
  const isInside = isUnderCard && (told.isInside || lock < 0.3);
  const mark = /^(?:new |<@\w+> |:\w+: )/.exec(message.text)?.[0] ?? '';
  const text = isInside ? `🔒 ${word} not for them` : `${mark}${sentence(word, words)}`;
  slack.edit(who, told, text);
  model.edit(told, word, isInside ? 'inside' : told.threadTs === null ? 'ask' : 'reply');
  return isInside;
}

export const remove: Act = (stage, who, [which]) => {
  const told = pickLate(own(stage, who), which);
  stage.slack.remove(who, told);
  stage.model.remove(told);
  stage.model.did(told.by, 'delete', told);
  return deed('deletes a message', told, ...told.words);
};

/** An administrator's doing. */
export const removeCard: Act = (stage, who, [which]) => {
  const card = pickLate(cardsFor(stage, who), which);
  stage.slack.removeAny(card);
  stage.model.removedCards.push({ channel: card.channel, ts: card.ts, at: Date.now() });
  return deed('deletes a card', card, numberOn(card) ?? '');
};

const react =
  (emoji: string, action: string): Act =>
  (stage, who, [which]) => {
    const sources = topMessages(stage, who, ({ expected }) => expected !== 'nothing');
    const target = pickAt<{ channel: string; ts: string }>([...cardsFor(stage, who), ...sources], which);
    stage.slack.react(who, target, emoji);
    stage.model.did(who.id, action, { channel: target.channel, ts: target.ts });
    return deed(`puts :${emoji}: on a message`, target);
  };

export const eyes = react('eyes', 'take');
export const check = react('white_check_mark', 'resolve');

export const unreact: Act = (stage, who, [which]) => {
  const { slack, model } = stage;
  const mine = [...slack.world.channels.values()]
    .filter(({ members }) => members.has(who.id))
    .flatMap(({ id, messages }) =>
      messages
        .slice(-60)
        .flatMap(({ ts, reactions = [] }) =>
          reactions
            .filter(({ name, users }) => name !== 'ticket' && users.includes(who.id))
            .map(({ name }) => ({ channel: id, ts, name })),
        ),
    );
  const { name, ...ref } = pickLate(mine, which);
  slack.unreact(who, ref, name);
  model.did(who.id, name === 'eyes' ? 'pass' : 'reopen', ref);
  return deed(`takes :${name}: away`, ref);
};

export const leave: Act = ({ slack, team, model }, who, [which]) => {
  const channel = pickAt(
    Object.values(team.triage).filter(({ members }) => members.has(who.id)),
    which,
  );
  slack.leave(who, channel);
  model.left(channel.id, who.id, Date.now());
  return deed(`leaves #${channel.name}`, channel.id);
};

export const join: Act = ({ slack, team, model }, who, [which]) => {
  const channel = pickAt(
    Object.values(team.triage).filter(
      ({ id, members }) => !members.has(who.id) && model.wasIn(id, who.id, 0, Date.now()),
    ),
    which,
  );
  slack.join(who, channel);
  model.joined(channel.id, who.id, Date.now());
  return deed(`comes back to #${channel.name}`, channel.id);
};
