import { type Delivered, Delivery, type Offline } from './delivery.ts';
import type { DeliveryPlan } from './delivery-faults.ts';
import { Events } from './events.ts';
import type { Fault, FaultPlan } from './faults.ts';
import { Interactions } from './interactions.ts';
import { type Manifest, readManifest } from './manifest.ts';
import type { Parts } from './method.ts';
import { Modals } from './modals.ts';
import { type MessageRef, type NewChannel, type NewPerson, People, type SayOptions } from './people.ts';
import { ephemeralsOf, sees, viewsOf, visibleTo } from './seen.ts';
import { SocketGateway } from './socket-gateway.ts';
import { Timers } from './timers.ts';
import { Triggers } from './triggers.ts';
import { waitFor } from './wait.ts';
import { type CallRecord, type TokenKind, WebApi } from './web-api.ts';
import {
  asText,
  type Channel,
  idOf,
  type Json,
  type Message,
  type Person,
  type Where,
  type Who,
} from './wire.ts';
import { World } from './world.ts';

export interface LocalSlackOptions {
  /** The least time between two posts to one channel; without it posts are not limited. */
  readonly postIntervalMs?: number;
  /** The app as it is installed; `config/slack-app-manifest.yaml`. */
  readonly manifest?: Manifest;
  /** What was granted at the installation; all that the manifest asks for, the optional ones too. */
  readonly scopes?: readonly string[];
  /** Where every ts gets its time from. */
  readonly clock?: { now(): number };
  /** What triggers and response_urls grow old by (ms): real time when absent. */
  readonly elapsedMs?: () => number;
  /** Between Slack's pings over a socket; 0: none. */
  readonly pingMs?: number;
  /** Sockets are refreshed when they are this old; otherwise only by `socket.refresh()`. */
  readonly refreshMs?: number;
  /** Between `refresh_requested` and the close (Slack: about 10 s). */
  readonly closeAfterMs?: number;
  /** How long an HTTP connection may idle; the SDK's client takes it as a hint. */
  readonly keepAliveMs?: number;
  /** The address of this machine to listen on and to be reached at; the loopback's when absent. */
  readonly host?: string;
  readonly maxConnections?: number;
  readonly ackDeadlineMs?: number;
  /** Slack's: at once, after a minute, after five. */
  readonly retryDelaysMs?: readonly number[];
  /** Events while no socket is open; `queue` when absent. */
  readonly offline?: Offline;
  readonly offlineKeepMs?: number;
  /** Does Slack take an acknowledgement over another socket than the envelope's? */
  readonly crossAcks?: boolean;
  /** How long `waitFor` waits where it is not told; 10 s when absent. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 10_000;

export type LocalSlack = Awaited<ReturnType<typeof startLocalSlack>>;

/** Starts a Slack of our own on a free port; the real SDK talks to it by `apiUrl`. */
export async function startLocalSlack(options: LocalSlackOptions = {}) {
  const manifest = options.manifest ?? readManifest();
  const granted = new Set(options.scopes ?? [...manifest.scopes, ...manifest.optionalScopes]);
  const world = new World({ clock: options.clock ?? { now: () => Date.now() } });
  const timers = new Timers();
  const changed = (): void => world.changed();
  const gateway: SocketGateway = new SocketGateway(
    {
      appId: world.appId,
      timers,
      changed,
      pingMs: options.pingMs ?? 5000,
      refreshMs: options.refreshMs ?? 0,
      closeAfterMs: options.closeAfterMs ?? 10_000,
      maxConnections: options.maxConnections ?? 10,
    },
    () => delivery,
  );
  const delivery = new Delivery({
    timers,
    changed,
    pick: () => gateway.pick(),
    complain: (text) => world.complaints.push(text),
    ackDeadlineMs: options.ackDeadlineMs ?? 3000,
    retryDelaysMs: options.retryDelaysMs ?? [0, 60_000, 300_000],
    offline: options.offline ?? 'queue',
    offlineKeepMs: options.offlineKeepMs ?? 361_000,
    crossAcks: options.crossAcks ?? false,
  });
  const events = new Events(world, manifest, granted, delivery);
  const triggers = new Triggers(world, options.elapsedMs ?? (() => performance.now()));
  const parts: Parts = {
    world,
    manifest,
    events,
    gateway,
    triggers,
    postIntervalMs: options.postIntervalMs ?? 0,
  };
  const botToken = 'xoxb-0000-local-bot-token';
  const appToken = 'xapp-1-A0TRIAGE-0000-local-app-token';
  const web = new WebApi({
    parts,
    timers,
    botToken,
    appToken,
    granted,
    keepAliveMs: options.keepAliveMs ?? 60_000,
  });
  const host = options.host ?? '127.0.0.1';
  const port = await web.listen(host);
  gateway.listen(`ws://${host}:${port}`);
  triggers.listen(`http://${host}:${port}`);
  const people = new People(world, events);
  const interactions = new Interactions(parts, delivery);
  const modals = new Modals(parts, interactions);
  const bot = people.addPerson({ id: world.botUserId, name: 'triage', realName: 'TrIAge', isBot: true });
  people.addPerson({ id: 'USLACKBOT', name: 'slackbot', realName: 'Slackbot', isBot: true });

  return {
    apiUrl: `http://${host}:${port}/api/`,
    appToken,
    botToken,
    botUserId: world.botUserId,
    botId: world.botId,
    teamId: world.teamId,
    appId: world.appId,
    bot,
    world,
    /** The app as it is installed. */
    manifest,
    /** Slack's end of the sockets: refresh, warning, drop, halfOpen, linkDisabled, tooMany, silence, sendRaw. */
    socket: gateway,

    people: {
      add: (fields: NewPerson): Person => people.addPerson(fields),
      change: people.changePerson.bind(people),
    },
    channels: {
      add: (fields: NewChannel): Channel => people.addChannel(fields),
      archive: people.archive.bind(people),
      rename: people.rename.bind(people),
      delete: people.deleteChannel.bind(people),
      share: people.share.bind(people),
      topic: people.setTopic.bind(people),
    },
    /** Somebody writes into a channel that they are in; answers the message's ts. */
    say: (who: Who, where: Where, text: string, more?: SayOptions): string =>
      people.say(who, where, text, more),
    /** Somebody writes to the bot. */
    dm: (who: Who, text: string, more?: SayOptions): string => people.dm(who, text, more),
    /** The channel id of the direct message between a person and the bot. */
    dmOf: (who: Who): string => world.dm(idOf(who)).id,
    edit: people.edit.bind(people),
    unfurl: people.unfurl.bind(people),
    remove: people.remove.bind(people),
    removeAny: people.removeAny.bind(people),
    react: (who: Who, ref: MessageRef, name: string): void => people.react(who, ref, name, true),
    unreact: (who: Who, ref: MessageRef, name: string): void => people.react(who, ref, name, false),
    join: people.join.bind(people),
    leave: people.leave.bind(people),
    deactivate: people.deactivate.bind(people),

    /** These resolve when the app has acknowledged, or when the person has seen an error instead. */
    slash: interactions.slash.bind(interactions),
    press: interactions.press.bind(interactions),
    choose: interactions.choose.bind(interactions),
    shortcut: interactions.shortcut.bind(interactions),
    dismissEphemeral: interactions.dismissEphemeral.bind(interactions),
    submit: modals.submit.bind(modals),
    dismiss: modals.dismiss.bind(modals),
    pressInView: modals.press.bind(modals),

    /** All messages of a channel, replies too, oldest first. */
    messages: (where: Where): readonly Message[] => world.channel(idOf(where)).messages,
    /** A first message and its replies. */
    thread: (where: Where, ts: string): readonly Message[] => {
      const channel = world.channel(idOf(where));
      const first = channel.byTs.get(ts);
      return [...(first ? [first] : []), ...world.replies(channel, ts)];
    },
    /** All messages and ephemerals that a person can see. */
    visibleTo: (who: Who) => visibleTo(world, who),
    /** Can the person read this text anywhere? */
    sees: (who: Who, text: string): boolean => sees(world, who, text),
    ephemerals: (who: Who) => ephemeralsOf(world, who),
    /** The modals that a person has open, the top one last. */
    views: (who: Who) => viewsOf(world, who),
    home: (who: Who) => world.homes.get(idOf(who)),
    calls: (): readonly CallRecord[] => web.calls,
    countOf: (method: string): number => web.calls.filter((call) => call.method === method).length,
    /** Every envelope that was sent, with its outcome, latency and answer. */
    deliveries: (): readonly Delivered[] => delivery.records,
    /** The envelopes that were acknowledged in time. */
    acks: (): readonly Delivered[] => delivery.records.filter((each) => each.outcome === 'acked'),
    /** Envelopes and retries still under way. */
    unsettled: (): number => delivery.unsettled,
    /** Events that Slack has given up on. */
    lost: (): readonly Json[] => delivery.lost,
    /** A frame as it stands over one socket, that claims to be this envelope; resolves like `press`. */
    sendEnvelope: (envelopeId: string, frame: string) =>
      delivery.raw(envelopeId, (connection) => gateway.sendRaw(frame, connection)),
    /** Sends an envelope again, as Slack sometimes does. */
    again: delivery.again.bind(delivery),
    userErrors: (): readonly string[] => world.userErrors,
    /** What the real Slack would swallow and an app should never do. */
    complaints: (): readonly string[] => world.complaints,

    /** The next calls of a method (`*`: any) go wrong. */
    failNext: (method: string, fault: Fault, times?: number): void =>
      web.faults.failNext(method, fault, times),
    /** Puts every call before a function until another one, or undefined, replaces it. */
    faultPlan: (plan: FaultPlan | undefined): void => web.faults.follow(plan),
    /** Puts every envelope before a function until another one, or undefined, replaces it. */
    deliveryPlan: (plan: DeliveryPlan | undefined): void => delivery.follow(plan),
    /** From now on this becomes of events while no socket is open. */
    offline: (mode: Offline): void => {
      delivery.offline = mode;
    },
    /** Makes a token of that kind; the earlier ones stay valid until they are revoked. */
    issueToken: (kind: TokenKind): string => web.issue(kind),
    revokeToken: (token: string): void => web.revoke(token),
    /** Every call with a token of that kind answers this error; undefined: valid again. */
    refuseToken: (kind: TokenKind, error: string | undefined): void => {
      if (error === undefined) delete web.refused[kind];
      else web.refused[kind] = error;
    },
    /** Somebody removes the app from the workspace: the bot token is revoked, and two events say so. */
    uninstall: (): void => {
      web.refused.bot = 'account_inactive';
      events.uninstalled();
    },
    /** Slack holds events back for a minute and says so, in a payload without an event. */
    rateLimitEvents: (): void => events.rateLimited(),
    /** Every connection, HTTP and socket, is reset until it is switched off. */
    unreachable: (on = true): void => web.unreachable(on),

    /** Waits for a condition, asked again at every change; see `waitFor` in wait.ts. */
    waitFor: <T>(
      condition: () => T | Promise<T>,
      what: string,
      timeoutMs = options.patienceMs ?? PATIENCE_MS,
    ) => waitFor(world, condition, what, timeoutMs, () => summary(web, world)),

    async close(): Promise<void> {
      timers.close();
      gateway.close();
      await web.close();
    },
  };
}

/** The last that happened, for a wait that was in vain. */
function summary(web: WebApi, world: World): string {
  const calls = web.calls.slice(-8).map((call) => {
    const error = call.answer?.['error'];
    return `  ${call.method} ${call.status}${error === undefined ? '' : ` ${asText(error)}`}`;
  });
  return ['last calls:', ...calls, ...world.userErrors, ...world.complaints].join('\n');
}
