/** The guide's hands: does what a person would, through the same deeds, and looks where it happens. */
import type { ChannelSeen, Deed, MessageSeen, State, TroubleKind } from '../face/wire.ts';
import type { Json } from '../wire.ts';
import { api, GoneError } from './api.ts';
import type { Client } from './client.ts';
import type { StepId } from './guide-steps.ts';
import { parsePermalink } from './permalink.ts';
import { buttonsIn, textIn, wordsIn } from './shapes.ts';

export interface Hands {
  readonly client: Client;
  readonly state: State;
  readonly flag: (name: string) => void;
  readonly explain: (number: number) => void;
  /** Asks first whether the other show may begin. */
  readonly changeShow: () => Promise<void>;
}

const PATIENCE_MS = 30_000;
const MOST_SKIPS = 8;
const LOOK_MS = 2400;

export async function act(id: StepId, hands: Hands): Promise<void> {
  await ACTS[id](hands);
}

const ACTS: Readonly<Record<StepId, (hands: Hands) => Promise<void>>> = {
  ask: async (hands) => {
    await ask(hands, 'VPN drops every few minutes, also on cable. Can somebody have a look?');
  },
  take: async (hands) => {
    const card = await cardOf(hands, (each) => buttonOf(each, 'Take it') !== null);
    await press(hands, duty(hands), card, 'Take it');
  },
  talk: async (hands) => {
    const card = await cardOf(hands, (each) => buttonOf(each, 'Resolve') !== null && sourceOf(each) !== null);
    const source = sourceOf(card);
    if (source === null) return;
    const who = duty(hands);
    hands.client.become(who, source.channel);
    hands.client.go({ channel: source.channel, thread: source.ts });
    await done(hands, who, {
      do: 'say',
      channel: source.channel,
      thread: source.ts,
      text: 'On it. Does it also drop when you are on the guest Wi-Fi?',
    });
  },
  chase: async (hands) => {
    const number = await ask(hands, 'The printer on floor 2 eats paper');
    for (let step = 0; step < MOST_SKIPS; step += 1) {
      const before = await places(hands);
      await skip(hands, 'next');
      await showNews(hands, before);
      if (await isEscalated(number)) break;
    }
  },
  hold: async (hands) => {
    const card = await cardOf(hands, (each) => buttonOf(each, 'Resolve') !== null);
    const who = duty(hands);
    const triage = await triageOf(who);
    hands.client.go({ as: who, channel: triage.id });
    await done(hands, who, {
      do: 'slash',
      channel: triage.id,
      command: '/triage',
      text: `hold #${card.requestNumber} until tomorrow 8:30am the provider sends a new router`,
    });
    await until('the hold', async () => (await api.explain(card.requestNumber ?? 0)).state === 'on hold');
    await skip(hands, 'tomorrow9');
    hands.client.go({ as: who, channel: (await dmOf(who)).id });
  },
  close: async (hands) => {
    const card = await cardOf(hands, (each) => buttonOf(each, 'Resolve') !== null);
    const source = sourceOf(card);
    await press(hands, duty(hands), card, 'Resolve');
    if (source === null) return;
    const who = asker(hands);
    hands.client.go({ as: who, channel: source.channel, thread: source.ts });
    const question = await until('the question whether it works', async () => {
      const { thread } = await api.state({ as: who, channel: source.channel, thread: source.ts });
      return thread?.messages.findLast((each) => buttonOf(each, 'It works') !== null) ?? null;
    });
    await pressIn(hands, who, source.channel, question, 'It works');
  },
  explain: (hands) => {
    hands.explain(1);
    return Promise.resolve();
  },
  faults: (hands) => hands.changeShow(),
  drop: async (hands) => {
    hands.flag('dropSocket');
    await api.trouble({ once: 'dropSocket' });
    await ask(hands, 'My screen flickers since this morning');
  },
  kill: async (hands) => {
    hands.flag('killDaemon');
    const killed = api.trouble({ once: 'killDaemon' });
    const asked = ask(hands, 'The door of the server room does not open');
    await Promise.all([killed, asked]);
  },
  postgres: (hands) => during(hands, 'postgresStopped', 'I cannot print in colour any more'),
  cut: (hands) => during(hands, 'slackUnreachable', 'Who can give me access to the wiki?'),
  count: async (hands) => {
    const who = duty(hands);
    hands.client.go({ as: who, channel: (await triageOf(who)).id });
    hands.flag('count');
  },
};

interface Spot {
  readonly as: string;
  readonly channel: string;
  readonly isTold: boolean;
  readonly latestTs: string;
}

/** Where somebody is told of what nobody takes: in DMs of the team, and beyond the team. */
async function places({ state }: Hands): Promise<readonly Spot[]> {
  const people = state.people.filter(({ isBot, part }) => !isBot && !part.includes('ask'));
  const lists = await Promise.all(people.map(async ({ id }) => ({ id, channels: await listOf(id) })));
  return lists.flatMap(({ id: as, channels }) =>
    channels.map(({ id: channel, isIm, name, latestTs }) => ({
      as,
      channel,
      isTold: isIm || name.startsWith('managers'),
      latestTs: latestTs ?? '',
    })),
  );
}

/** Looks where something new stands; at the team's channel when it is nowhere else. */
async function showNews(hands: Hands, before: readonly Spot[]): Promise<void> {
  const after = await places(hands);
  const fresh = after.filter(({ latestTs }, at) => latestTs > (before[at]?.latestTs ?? ''));
  const told = fresh.find(({ isTold }) => isTold) ?? fresh[0];
  if (told === undefined) return;
  hands.client.go({ as: told.as, channel: told.channel });
  // Long enough to be seen.
  await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}

/** Makes trouble, asks, and ends it after a while. */
async function during(hands: Hands, lasting: TroubleKind, text: string): Promise<void> {
  hands.flag(lasting);
  await api.trouble({ lasting, on: true });
  const asked = ask(hands, text);
  asked.catch(() => {});
  try {
    await new Promise((resolve) => setTimeout(resolve, 5000));
  } finally {
    await api.trouble({ lasting, on: false });
  }
  await asked;
}

/** Asks as the one who asks, in the channel for it; answers the request's number. */
async function ask(hands: Hands, text: string): Promise<number> {
  const who = asker(hands);
  const help = (await listOf(who)).find(
    ({ isMember, isIm, name }) => isMember && !isIm && name.startsWith('help'),
  );
  if (help === undefined) throw new Error('there is no channel to ask in');
  hands.client.go({ as: who, channel: help.id });
  const before = new Set((await cards(hands)).map(({ requestNumber }) => requestNumber));
  await done(hands, who, { do: 'say', channel: help.id, text });
  return until('the card', async () => {
    const fresh = (await cards(hands)).find(({ requestNumber }) => !before.has(requestNumber));
    return fresh?.requestNumber ?? null;
  });
}

async function press(hands: Hands, who: string, card: MessageSeen, words: string): Promise<void> {
  const { id } = await triageOf(who);
  hands.client.go({ as: who, channel: id });
  await pressIn(hands, who, id, card, words);
}

async function pressIn(
  hands: Hands,
  who: string,
  channel: string,
  message: MessageSeen,
  words: string,
): Promise<void> {
  const found = buttonOf(message, words);
  if (found === null) throw new Error(`there is no button “${words}”`);
  const { blockId, element } = found;
  await done(hands, who, {
    do: 'press',
    channel,
    ts: message.ts,
    blockId,
    actionId: textIn(element['action_id']),
  });
}

/** Throws what the page would show. */
async function done(hands: Hands, who: string, deed: Deed): Promise<void> {
  const { error } = await api.do(who, deed);
  void hands.client.refresh();
  if (error !== undefined) throw new Error(error);
}

async function skip(hands: Hands, to: 'next' | 'tomorrow9'): Promise<void> {
  await api.time({ skip: to });
  await until('the skip to end', async () => {
    const { stage } = await api.state({ as: hands.state.me.id, before: '0' });
    return stage.skipsTo === null && stage.isAt === null;
  });
}

async function isEscalated(number: number): Promise<boolean> {
  const { lines } = await api.explain(number);
  return lines.some(({ what, isPending }) => !isPending && what.startsWith('ladder: escalation'));
}

function byPart({ state }: Hands, part: string): string {
  const people = state.people.filter(({ isBot }) => !isBot);
  const found = people.find((each) => each.part.includes(part)) ?? people[0];
  if (found === undefined) throw new Error('there is nobody');
  return found.id;
}

const asker = (hands: Hands): string => byPart(hands, 'ask');
const duty = (hands: Hands): string => byPart(hands, 'duty');

async function listOf(who: string): Promise<readonly ChannelSeen[]> {
  return (await api.state({ as: who, before: '0' })).channels;
}

async function dmOf(who: string): Promise<ChannelSeen> {
  const found = (await listOf(who)).find(({ isIm }) => isIm);
  if (found === undefined) throw new Error('they have no direct message with TrIAge');
  return found;
}

async function triageOf(who: string): Promise<ChannelSeen> {
  const found = (await listOf(who)).find(({ name }) => name.startsWith('triage'));
  if (found === undefined) throw new Error('they are in no triage channel');
  return found;
}

async function cards(hands: Hands): Promise<readonly MessageSeen[]> {
  const who = duty(hands);
  const { open } = await api.state({ as: who, channel: (await triageOf(who)).id });
  return open.messages.filter(({ requestNumber }) => requestNumber !== null);
}

/** The first card that fits; waits a little, since cards follow what happened. */
async function cardOf(hands: Hands, fits: (card: MessageSeen) => boolean): Promise<MessageSeen> {
  const look = async (): Promise<MessageSeen | null> => (await cards(hands)).find(fits) ?? null;
  return until('a card', look, 3000).catch(() => {
    throw new Error('no request is at that point; do the steps before this one first');
  });
}

function buttonOf({ blocks = [] }: MessageSeen, words: string): { blockId: string; element: Json } | null {
  return buttonsIn(blocks).find(({ element }) => wordsIn(element['text']) === words) ?? null;
}

/** Where it was asked: the card links to it. */
function sourceOf({ blocks = [] }: MessageSeen): { channel: string; ts: string } | null {
  const url = /<(https?:[^|>]+)\|Open the message>/.exec(JSON.stringify(blocks))?.[1];
  return url === undefined ? null : parsePermalink(url.replaceAll('&amp;', '&'));
}

async function until<T>(
  what: string,
  look: () => Promise<T | null | false>,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const end = performance.now() + patienceMs;
  while (performance.now() < end) {
    const found = await look().catch((error: unknown) => {
      if (error instanceof GoneError) throw error;
      return null;
    });
    if (found !== null && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  throw new Error(`waited in vain for ${what}`);
}
