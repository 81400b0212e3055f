/** What the page knows: who looks where, and the newest that the server told of it. Free of React and of the DOM's looks. */
import type { ChannelSeen, Deed, Done, MessageSeen, MessagesSeen, State } from '../face/wire.ts';
import { type Asking, api, GoneError, lineOf, RefusedError } from './api.ts';
import { setClock } from './clock.ts';
import { merge, oldestTs, prepend } from './merge.ts';
import { type News, newsFor } from './news.ts';
import { NOWHERE, type Place, samePlace } from './place.ts';
import { type Marks, seenIn, settled } from './unread.ts';

export interface Snapshot {
  readonly place: Place;
  readonly state: State | null;
  readonly open: MessagesSeen | null;
  readonly thread: MessagesSeen | null;
  /** When `state` came, on the browser's own clock (`performance.now()`). */
  readonly cameAt: number;
  readonly link: 'live' | 'lost';
  /** What went wrong last, by person; shown until the next deed. */
  readonly trouble: string | null;
  readonly marks: Marks;
  /** What the others see in their lists. */
  readonly lists: Readonly<Record<string, readonly ChannelSeen[]>>;
  /** The message that a link led to. */
  readonly pointedAt: string | null;
  /** Who wrote to the app where it is not, until they have invited it or will not. */
  readonly unheard: readonly Unheard[];
  /** What the last skip has brought, for as long as it takes to read that. */
  readonly news: News | null;
}

/** A person, and the channel or thread in which they wrote. */
export interface Unheard {
  readonly as: string;
  readonly channel: string;
  readonly thread: string | null;
}

/** What was known of the show before is nothing in one that begins anew. */
const ANEW = {
  open: null,
  thread: null,
  trouble: null,
  lists: {},
  pointedAt: null,
  unheard: [],
  news: null,
} as const;

const OTHERS_EVERY_MS = 1500;
const NEWS_MS = 10_000;
const MARKS_KEY = 'triage.marks';

export class Client {
  private readonly watchers = new Set<() => void>();
  private now: Snapshot = {
    place: NOWHERE,
    state: null,
    open: null,
    thread: null,
    cameAt: 0,
    link: 'live',
    trouble: null,
    marks: {},
    lists: {},
    pointedAt: null,
    unheard: [],
    news: null,
  };
  private isAsking = false;
  private isStale = false;
  private asking: AbortController | undefined;
  private events: EventSource | undefined;
  private othersTimer: ReturnType<typeof setTimeout> | undefined;
  private newsTimer: ReturnType<typeof setTimeout> | undefined;
  /** The skip that was told of. */
  private toldFrom: number | null = null;

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  readonly snapshot = (): Snapshot => this.now;

  /** Begins at a place; ends by `stop`. */
  start(place: Place): void {
    this.set({ place, marks: readMarks() });
    this.events = new EventSource('/events');
    this.events.addEventListener('open', () => void this.refresh());
    this.events.addEventListener('message', () => {
      void this.refresh();
      this.lookAtOthers();
    });
    this.events.addEventListener('error', () => this.set({ link: 'lost' }));
    void this.refresh();
    this.lookAtOthers();
  }

  stop(): void {
    this.events?.close();
    clearTimeout(this.othersTimer);
    clearTimeout(this.newsTimer);
  }

  go(change: Partial<Place>, pointedAt: string | null = null): void {
    const before = this.now.place;
    const isOther = change.channel !== undefined && change.channel !== before.channel;
    const place: Place = {
      ...before,
      isHome: false,
      ...(isOther ? { thread: null } : {}),
      // Whoever opens a thread wants to see it.
      ...(typeof change.thread === 'string' ? { request: null } : {}),
      ...change,
    };
    if (samePlace(before, place) && pointedAt === this.now.pointedAt) return;
    const staysOpen = place.as === before.as && place.channel === before.channel;
    const staysThread = staysOpen && place.thread === before.thread;
    this.set({
      place,
      trouble: null,
      pointedAt,
      ...(staysOpen ? {} : { open: null }),
      ...(staysThread ? {} : { thread: null }),
    });
    this.asking?.abort();
    void this.refresh();
  }

  /** Opens why a request is as it is beside what is looked at, or (null) closes that. */
  explain(request: number | null): void {
    this.set({ place: { ...this.now.place, request } });
  }

  /** Posting as somebody else: the same channel if they see it, their first one otherwise. */
  become(as: string, channel: string | null = this.now.place.channel): void {
    const list = this.now.lists[as];
    // Until their list has come: what everybody sees.
    const known = list ?? this.now.state?.channels.filter(({ isPrivate, isIm }) => !isPrivate && !isIm);
    const sees = known?.some(({ id }) => id === channel) === true;
    const own = list?.find(({ isIm }) => isIm)?.id ?? null;
    const isDm = channel?.startsWith('D') === true;
    this.go({ as, channel: sees ? channel : isDm ? own : null, thread: null });
  }

  /** Asks for the place that is looked at; one question at a time, and the newest wins. */
  readonly refresh = async (): Promise<void> => {
    this.isStale = true;
    if (this.isAsking) return;
    this.isAsking = true;
    try {
      while (this.isStale) {
        this.isStale = false;
        await this.ask(this.now.place);
      }
    } finally {
      this.isAsking = false;
    }
  };

  /** Does it as whoever is posted as, unless somebody else is named. Null when it was refused; the line says why. */
  readonly do = async (deed: Deed, as?: string): Promise<Done | null> => {
    const who = as ?? this.now.state?.me.id;
    if (who === undefined) return null;
    this.set({ trouble: null });
    try {
      const done = await api.do(who, deed);
      if (done.error !== undefined) this.set({ trouble: done.error });
      if (done.isUnheard === true && deed.do === 'say')
        this.set({
          unheard: [...this.now.unheard, { as: who, channel: deed.channel, thread: deed.thread ?? null }],
        });
      if (deed.do === 'invite') this.heard(({ channel }) => channel === deed.channel);
      return done;
    } catch (error) {
      this.set({ trouble: lineOf(error) });
      return null;
    } finally {
      void this.refresh();
    }
  };

  readonly say = (trouble: string | null): void => this.set({ trouble });

  /** What nobody has to be told of any more. */
  heard(isHeard: (each: Unheard) => boolean): void {
    this.set({ unheard: this.now.unheard.filter((each) => !isHeard(each)) });
  }

  /** Reads the page before what is shown. Answers whether there was one. */
  readonly earlier = async (where: 'open' | 'thread'): Promise<boolean> => {
    const { place, state } = this.now;
    const shown = this.now[where];
    const before = shown === null ? null : oldestTs(shown);
    if (shown === null || state === null || before === null || !shown.hasEarlier) return false;
    const asking: Asking = {
      as: state.me.id,
      channel: shown.channel,
      ...(where === 'open' ? { before } : { thread: shown.thread, threadBefore: before }),
    };
    const older = await api.older(asking).catch(() => null);
    const latest = this.now[where];
    if (older === null || latest === null || !samePlace(place, this.now.place)) return false;
    this.set({ [where]: prepend(latest, older) });
    return older.messages.length > 0;
  };

  private async ask(place: Place): Promise<void> {
    this.asking = new AbortController();
    try {
      const state = await api.state(
        { as: place.as, channel: place.channel, thread: place.thread },
        this.asking.signal,
      );
      if (samePlace(place, this.now.place)) this.took(place, state);
      else this.isStale = true;
    } catch (error) {
      if (error instanceof GoneError) this.set({ link: 'lost' });
      else if (error instanceof RefusedError) this.fallBack(place, error);
      else this.isStale = !samePlace(place, this.now.place);
    }
  }

  /** What is looked at is gone: another show has begun, or the person left. */
  private fallBack(place: Place, { status, message }: RefusedError): void {
    if (status !== 404 || (place.channel === null && place.as === null)) {
      this.set({ trouble: lineOf(new Error(message)) });
      return;
    }
    const next = place.channel === null ? NOWHERE : { ...place, channel: null, thread: null, request: null };
    this.set({ place: next, open: null, thread: null });
    this.isStale = true;
  }

  private took(place: Place, told: State): void {
    const isAnew = this.now.state !== null && this.now.state.show !== told.show;
    if (isAnew) this.set(ANEW);
    const isFirst = this.now.state === null || isAnew;
    const { open, thread, lists } = this.now;
    const state = steady(this.now.state, told);
    const cameAt = performance.now();
    setClock(state.stage.now, cameAt, state.stage.skipsTo === null ? state.stage.speed : 0);
    const me = state.me.id;
    const isSame = open?.channel === state.open.channel && this.now.state?.me.id === me;
    const isSameThread = thread?.thread === state.thread?.thread && isSame;
    const channel = state.channels.find(({ id }) => id === state.open.channel);
    const looksAt = place.isHome ? undefined : channel;
    const marks = seenIn(settled(this.now.marks, me, state.channels), me, looksAt);
    if (marks !== this.now.marks) keepMarks(marks);
    this.set({
      state,
      cameAt,
      link: 'live',
      // What stood in a thread of the show before is gone, and so is what was explained.
      place: {
        ...place,
        as: me,
        channel: state.open.channel,
        ...(isAnew ? { thread: null, request: null } : {}),
      },
      open: kept(open, merge(isSame ? open : null, state.open)),
      thread:
        isAnew || state.thread === null
          ? null
          : kept(thread, merge(isSameThread ? thread : null, state.thread)),
      marks,
      lists: { ...lists, [me]: state.channels },
    });
    if (isFirst) this.toldFrom = state.skippedFrom;
    else this.followSkip(state);
  }

  private followSkip({ stage, skippedFrom }: State): void {
    if (stage.skipsTo !== null && this.now.news !== null) this.set({ news: null });
    if (stage.skipsTo !== null || skippedFrom === null || skippedFrom === this.toldFrom) return;
    this.toldFrom = skippedFrom;
    void this.tellNews(skippedFrom, stage.now);
  }

  /** @param since when the skip began. @param at when it ended (epoch ms, the show's time) */
  private async tellNews(since: number, at: number): Promise<void> {
    await this.readOthers();
    const { state, lists } = this.now;
    if (state === null || state.stage.skipsTo !== null || this.toldFrom !== since) return;
    this.set({ news: { at, names: newsFor(state.people, lists, since) } });
    clearTimeout(this.newsTimer);
    this.newsTimer = setTimeout(() => this.set({ news: null }), NEWS_MS);
  }

  /** What the others have got, now and then: only their lists, no messages. */
  private lookAtOthers(): void {
    this.othersTimer ??= setTimeout(() => {
      this.othersTimer = undefined;
      void this.readOthers();
    }, OTHERS_EVERY_MS);
  }

  private async readOthers(): Promise<void> {
    const { state } = this.now;
    if (state === null) return this.lookAtOthers();
    if (state.stage.kind === 'export') return;
    const others = state.people.filter(({ isBot, id }) => !isBot && id !== state.me.id);
    for (const { id } of others) {
      const seen = await api.state({ as: id, before: '0' }).catch(() => null);
      if (seen === null) continue;
      const marks = settled(this.now.marks, id, seen.channels);
      if (marks !== this.now.marks) keepMarks(marks);
      this.set({ marks, lists: { ...this.now.lists, [id]: seen.channels } });
    }
  }

  private set(change: Partial<Snapshot>): void {
    this.now = { ...this.now, ...change };
    for (const watcher of this.watchers) watcher();
  }
}

/** Messages that are as they were stay the same objects, so that they need not be drawn again. */
function kept(before: MessagesSeen | null, after: MessagesSeen): MessagesSeen {
  if (before === null) return after;
  const known = new Map(before.messages.map((each): [string, MessageSeen] => [each.ts, each]));
  const messages = after.messages.map((each) => {
    const old = known.get(each.ts);
    if (old === undefined || old === each) return each;
    return JSON.stringify(old) === JSON.stringify(each) ? old : each;
  });
  return { ...after, messages };
}

/** Parts that are as they were stay the same objects too. */
function steady(before: State | null, after: State): State {
  if (before === null) return after;
  const same = <T>(one: T, other: T): T => (JSON.stringify(one) === JSON.stringify(other) ? one : other);
  return {
    ...after,
    me: same(before.me, after.me),
    people: same(before.people, after.people),
    shortcuts: same(before.shortcuts, after.shortcuts),
    views: same(before.views, after.views),
  };
}

function readMarks(): Marks {
  try {
    return JSON.parse(localStorage.getItem(MARKS_KEY) ?? '{}') as Marks;
  } catch {
    return {};
  }
}

function keepMarks(marks: Marks): void {
  try {
    localStorage.setItem(MARKS_KEY, JSON.stringify(marks));
  } catch {
    // A browser that keeps nothing shows more dots, and all else works.
  }
}
