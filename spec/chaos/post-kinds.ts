/**
 * Every kind of thing that the outbox carries, each with what has to be there before it; the compiler asks for those that
 * are new. Left out is only the answer to a slash command by its response_url, whose url comes over the socket: it is
 * tried once, as the one for one person's eyes.
 */
import type { AnswerTo, Effect, Place, Saying, SayingKind } from '../../src/domain/effects.ts';
import type { Request } from '../../src/domain/request.ts';
import { textMark } from '../../src/domain/text-mark.ts';
import { insertMessage } from '../../src/store/messages.ts';
import type { OutboxEffect } from '../../src/store/outbox.ts';
import { SHOWN, type Workspace } from '../outbox/relay-workspace.ts';
import { ANA, ASK, BEN, LEA } from '../support/builders.ts';

export interface PostKind {
  readonly name: string;
  /** Makes what has to be there before. */
  readonly prepare: (desk: Workspace) => Promise<Request>;
  /** Commits the one effect; the relay does the rest. */
  readonly commit: (desk: Workspace, request: Request) => Promise<void>;
  /** The method of Slack that carries it. */
  readonly method: 'chat.postMessage' | 'chat.update' | 'chat.delete' | 'chat.postEphemeral' | 'response_url';
}

type Say = { readonly place: Place; readonly saying: Saying; readonly patch?: Partial<Request> };

const CONVERSATION: Place = { kind: 'conversation' };
const to = (user: string): Place => ({ kind: 'person', user });
const inThread = (broadcast: boolean): Place => ({ kind: 'card_thread', broadcast });

/** Where each thing is said. */
const SAYINGS = {
  taken: [{ place: CONVERSATION, saying: { kind: 'taken', by: ANA } }],
  question: [{ place: CONVERSATION, saying: { kind: 'question', by: ANA } }],
  resolved: [{ place: CONVERSATION, saying: { kind: 'resolved', by: ANA } }],
  escalated: [{ place: CONVERSATION, saying: { kind: 'escalated' } }],
  nudge: [
    { place: CONVERSATION, saying: { kind: 'nudge', nth: 1 }, patch: { state: 'waiting', owner: ANA } },
  ],
  notice: [
    {
      place: CONVERSATION,
      saying: { kind: 'notice', closesAt: Date.now() },
      patch: { state: 'waiting', owner: ANA },
    },
  ],
  consent: [
    {
      place: CONVERSATION,
      saying: { kind: 'consent', mark: textMark('may it'), triageChannel: 'CTRIAGE' },
      patch: { unshownText: 'may it' },
    },
  ],
  consent_over: [{ place: CONVERSATION, saying: { kind: 'consent_over', posted: true } }],
  ask_duty: [{ place: to(ANA), saying: { kind: 'ask_duty', step: 'duty', user: ANA } }],
  assigned: [{ place: to(ANA), saying: { kind: 'assigned', by: BEN, user: ANA } }],
  done_by_other: [{ place: to(ANA), saying: { kind: 'done_by_other', by: BEN, what: 'resolved it' } }],
  reopened: [{ place: to(ANA), saying: { kind: 'reopened', by: ASK } }],
  hold_over: [{ place: to(ANA), saying: { kind: 'hold_over', reason: 'the vendor' } }],
  reminder: [{ place: to(ANA), saying: { kind: 'reminder', user: ANA } }],
  escalation: [
    {
      place: { kind: 'channel', channel: 'CMANAGERS' },
      saying: { kind: 'escalation', openedAt: Date.now() },
    },
    { place: to(LEA), saying: { kind: 'escalation', openedAt: Date.now() } },
  ],
  mirror_opens: [{ place: inThread(false), saying: { kind: 'mirror_opens' } }],
  lead: [
    { place: inThread(true), saying: { kind: 'lead', lead: LEA } },
    { place: { kind: 'triage_channel' }, saying: { kind: 'lead', lead: null } },
  ],
  owner_left: [
    { place: { kind: 'triage_channel' }, saying: { kind: 'owner_left', user: ANA, requests: [1, 2] } },
  ],
} satisfies { readonly [Kind in SayingKind]: readonly (Say & { saying: { kind: Kind } })[] };

/** At least one of each kind. */
export const SAID: readonly Say[] = Object.values(SAYINGS).flat();

/** The places that things are said to; the compiler asks for each that there is. */
export const PLACES = {
  conversation: saidTo('conversation'),
  card_thread: saidTo('card_thread'),
  triage_channel: saidTo('triage_channel'),
  person: saidTo('person'),
  channel: saidTo('channel'),
} satisfies { readonly [Kind in Place['kind']]: number };

/** How many sayings of the table go there. */
function saidTo(kind: Place['kind']): number {
  return SAID.filter(({ place }) => place.kind === kind).length;
}

function sayings(): readonly PostKind[] {
  return SAID.map(({ place, saying, patch }) => ({
    name: `“${saying.kind}” to ${placeName(place)}`,
    prepare: shown,
    commit: (desk, { id }) => desk.change(id, patch ?? {}, [{ kind: 'say', place, saying }]),
    method: 'chat.postMessage',
  }));
}

function placeName(place: Place): string {
  if (place.kind === 'card_thread')
    return place.broadcast ? 'the card’s thread and the channel' : 'the card’s thread';
  return place.kind.replace('_', ' ');
}

const shown = async (desk: Workspace): Promise<Request> => {
  const { id } = await desk.ask(`kind ${nth()}.`, {}, SHOWN);
  await desk.done();
  return desk.read(id);
};

const bare = (desk: Workspace): Promise<Request> => desk.ask(`kind ${nth()}.`, {}, []);

/** By DM: its conversation and the card's thread are one. */
const mirrored = async (desk: Workspace): Promise<Request> => {
  const dm = desk.slack.dmOf(ASK);
  const ts = desk.slack.dm(ASK, `kind ${nth()}.`);
  const { id } = await desk.ask(`kind ${nth()}.`, {
    conversation: { channel: dm, threadTs: ts, isMirrored: true },
  });
  await desk.done();
  return desk.read(id);
};

let made = 0;
const nth = (): number => (made += 1);

const byEffect =
  (effect: (request: Request) => Effect): PostKind['commit'] =>
  (desk, request) =>
    desk.change(request.id, {}, [effect(request)]);

const mirror = (
  name: string,
  side: (request: Request) => { channel: string; threadTs: string; by: string },
): PostKind => ({
  name: `a copy of what ${name} wrote`,
  prepare: mirrored,
  async commit(desk, request) {
    const { channel, threadTs, by } = side(request);
    const ts = desk.slack.say(by, channel, 'copied', { threadTs });
    await insertMessage(desk.database.pool, {
      channel,
      ts,
      threadTs,
      requestId: request.id,
      author: by,
      role: 'reply',
      text: 'copied',
      files: [],
      isInside: false,
    });
    await desk.change(request.id, {}, [{ kind: 'mirror', channel, ts }]);
  },
  method: 'chat.postMessage',
});

const answer = (name: string, method: PostKind['method'], at: (desk: Workspace) => AnswerTo): PostKind => ({
  name: `an answer ${name}`,
  prepare: bare,
  commit: (desk) =>
    desk.tell({ kind: 'answer', to: at(desk), answer: { kind: 'text', text: 'done' } }, `kind.${nth()}`),
  method,
});

const EFFECTS = {
  card: [
    {
      name: 'a card',
      prepare: bare,
      commit: byEffect(() => ({ kind: 'card' })),
      method: 'chat.postMessage',
    },
    {
      name: 'a card’s edit',
      prepare: shown,
      commit: byEffect(() => ({ kind: 'card' })),
      method: 'chat.update',
    },
  ],
  asker_reply: [
    {
      name: 'the asker’s reply',
      prepare: bare,
      commit: byEffect(() => ({ kind: 'asker_reply' })),
      method: 'chat.postMessage',
    },
    {
      name: 'an edit of the asker’s reply',
      prepare: shown,
      commit: byEffect(() => ({ kind: 'asker_reply' })),
      method: 'chat.update',
    },
  ],
  say: [
    ...sayings(),
    {
      name: '“taken” to a conversation by DM',
      prepare: mirrored,
      commit: byEffect(() => ({ kind: 'say', place: CONVERSATION, saying: { kind: 'taken', by: ANA } })),
      method: 'chat.postMessage',
    },
  ],
  left_card: [
    {
      name: 'the pointer on a card that was left',
      prepare: shown,
      commit: byEffect(({ card }) => ({
        kind: 'left_card',
        channel: card?.channel ?? '',
        ts: card?.ts ?? '',
        toQueue: 'hr',
      })),
      method: 'chat.update',
    },
  ],
  mirror: [
    mirror('the asker', ({ conversation }) => ({
      channel: conversation.channel ?? '',
      threadTs: conversation.threadTs ?? '',
      by: ASK,
    })),
    mirror('a responder', ({ card }) => ({
      channel: card?.channel ?? '',
      threadTs: card?.ts ?? '',
      by: ANA,
    })),
  ],
  take_back: [
    {
      name: 'a copy’s removal',
      prepare: shown,
      commit: byEffect(({ askerReply }) => ({
        kind: 'take_back',
        channel: askerReply?.channel ?? '',
        ts: askerReply?.ts ?? '',
      })),
      method: 'chat.delete',
    },
  ],
  answer: [
    answer('by DM', 'chat.postMessage', () => ({ kind: 'dm', channel: null, user: ASK, threadTs: null })),
    answer('for one person’s eyes', 'chat.postEphemeral', () => ({
      kind: 'ephemeral',
      channel: 'CHELP',
      user: ASK,
      threadTs: null,
    })),
  ],
} satisfies { readonly [Kind in OutboxEffect['kind']]: readonly PostKind[] };

export const POST_KINDS: readonly PostKind[] = Object.values(EFFECTS).flat();
