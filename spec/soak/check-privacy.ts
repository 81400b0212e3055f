/**
 * Nobody saw what they may not: every message, ephemeral and form that the bot ever sent is walked, and every screen as it
 * is in the end. Each private text has a word of its own, by which it is known.
 */
import type { Request } from '../../src/domain/request.ts';
import { queueForChannel } from '../../src/handlers/places.ts';
import { wordsOfCall } from './audience.ts';
import { aboutRequest, type Evidence, type Finding, UNHEARD_MS } from './evidence.ts';
import { keyOf, type Word, wordsIn } from './model.ts';

export function checkPrivacy(evidence: Evidence): readonly Finding[] {
  const judge = createJudge(evidence);
  const findings: Finding[] = [];
  const told = new Set<string>();
  const blame = (word: Word, user: string, where: string): void => {
    const key = `${word.word} ${user} ${where}`;
    if (told.has(key)) return;
    told.add(key);
    const about = [
      word.word,
      ...(word.ref === null ? [] : [keyOf(word.ref)]),
      ...judge.requestsOf(word).flatMap(aboutRequest),
    ];
    findings.push({
      check: 'privacy',
      what: `${nameOf(evidence, user)} reads ${word.kind} ${word.word} in ${where}`,
      about,
    });
  };
  for (const call of evidence.slack.calls()) {
    for (const { word, user, where } of wordsOfCall(evidence, call)) {
      const known = evidence.model.words.get(word);
      if (known !== undefined && !judge.may(known, user, call.at)) blame(known, user, where);
    }
  }
  for (const person of evidence.slack.world.people.values()) {
    if (person.isBot) continue;
    for (const seen of evidence.slack.visibleTo(person)) {
      if (seen.user !== evidence.slack.botUserId) continue;
      for (const name of wordsIn(seen.text)) {
        const word = evidence.model.words.get(name);
        if (word !== undefined && !judge.may(word, person.id, Number(seen.ts) * 1000))
          blame(word, person.id, `${seen.isEphemeral ? 'an ephemeral' : 'a message'} in ${seen.channel}`);
      }
    }
  }
  return findings;
}

function nameOf({ slack }: Evidence, user: string): string {
  return slack.world.people.get(user)?.name ?? user;
}

function createJudge(evidence: Evidence) {
  const { requests, messages, lostCards, model, slack, queues, timelines } = evidence;
  const byId = new Map(requests.map((request) => [request.id, request]));
  const bySource = new Map(
    requests.map((request) => [`${request.source.channel}:${request.source.ts}`, request]),
  );
  const byMessage = new Map(messages.map((message) => [keyOf(message), message.requestId]));
  const cache = new Map<string, readonly Request[]>();

  function requestsOf(word: Word): readonly Request[] {
    const known = cache.get(word.word);
    if (known !== undefined) return known;
    const found = new Set<Request>();
    if (word.ref === null) {
      for (const request of requests)
        if (request.source.text?.includes(word.word) === true) found.add(request);
    } else {
      const own = bySource.get(keyOf(word.ref));
      const home = byId.get(byMessage.get(keyOf(word.ref)) ?? 0);
      if (own) found.add(own);
      if (home) found.add(home);
      const wasElsewhere = model.remade.has(keyOf(word.ref));
      for (const request of requests) {
        if (request.source.text?.includes(word.word) === true) found.add(request);
        // A part that became a request of its own was in another one of the same DM before, wherever that has gone.
        if (wasElsewhere && request.conversation.channel === word.ref.channel) found.add(request);
      }
    }
    cache.set(word.word, [...found]);
    return [...found];
  }

  /** Triage channels of the queues that a request was in. */
  function channelsOf(request: Request): readonly string[] {
    const moves = (timelines.get(request.id) ?? []).flatMap(
      ({ what }) => /^moved it to (\S+)/.exec(what)?.[1] ?? [],
    );
    const names = new Set([...moves, request.queue, firstQueueOf(request)]);
    const channels = [...names].flatMap((name) => queues.get(name)?.triageChannel ?? []);
    const cards = [...request.leftCards, ...(lostCards.get(request.id) ?? [])];
    return [...new Set([...channels, ...cards.map(({ channel }) => channel)])];
  }

  /** It is in no line; a form may have chosen another one, whose card the request has left or lost. */
  function firstQueueOf({ source: { channel } }: Request): string {
    return (channel === null ? evidence.defaultQueue : queueForChannel(evidence, channel)).name;
  }

  function reads(channel: string, user: string, at: number): boolean {
    const found = slack.world.channels.get(channel);
    if (found === undefined) return false;
    if (found.isIm) return found.imUser === user;
    return !found.isPrivate || model.wasIn(channel, user, at - UNHEARD_MS, Date.now());
  }

  /** Written in a conversation: also at the top of a DM, where that answered what waited. */
  function isPost({ kind, ref }: Word): boolean {
    const row = ref === null ? undefined : messages.find((message) => keyOf(message) === keyOf(ref));
    return kind === 'reply' || (row !== undefined && row.role !== 'part');
  }

  function may(word: Word, user: string, at: number): boolean {
    if (word.by === user || (word.ref !== null && reads(word.ref.channel, user, at))) return true;
    if (word.kind === 'inside') return false;
    return requestsOf(word).some((request) => {
      if (request.asker === user) return true;
      return channelsOf(request).some((channel) => {
        if (slack.world.channel(channel).isPrivate) return reads(channel, user, at);
        const hasAgreed = (timelines.get(request.id) ?? []).some(({ what }) =>
          what.startsWith('agreed to post'),
        );
        // What is written after a yes is public too; a text of the request itself needs a yes of its own.
        return isPost(word) ? hasAgreed : model.agreed.has(word.word);
      });
    });
  }

  return { may, requestsOf };
}
