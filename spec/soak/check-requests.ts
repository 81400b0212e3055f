/** Each message that should be one is one request, none twice; no request without a cause; what came in had its effect. */
import type { Request } from '../../src/domain/request.ts';
import { identify } from '../../src/slack/identify.ts';
import { parseEvent } from '../../src/slack/parse-event.ts';
import { asText, isJson, type Json } from '../workspace/wire.ts';
import { aboutRequest, type Evidence, type Finding, untold, whats } from './evidence.ts';
import { keyOf, type Told } from './model.ts';

export function checkRequests(evidence: Evidence): readonly Finding[] {
  return [...eachTold(evidence), ...eachFilled(evidence), ...withoutCause(evidence)];
}

/** A catch-up reads five minutes further back than its gap (OVERLAP_MS in src/store/hearing.ts). */
const READ_BACK_S = 300;

/**
 * What no history gives back (docs/operating.md), where Slack lost its event for good: the first mention in a thread, and a 🎫 on
 * a message, that are older than what is read; and a message that was deleted before it could be read. Named by the message that
 * would have become a request.
 */
function lostForGood({ slack, model }: Evidence): ReadonlySet<string> {
  return new Set(
    slack.lost().flatMap((payload) => {
      const event = payload['event'];
      if (!isJson(event)) return [];
      const isReaction = isJson(event['item']);
      const about = isJson(event['item']) ? event['item'] : event;
      const channel = asText(about['channel']);
      const root = asText(isReaction ? about['ts'] : (about['thread_ts'] ?? about['ts']));
      const toldAt = Number(asText(isReaction ? event['event_ts'] : about['ts']));
      const isOld = toldAt - Number(root) > READ_BACK_S;
      const itself = `${channel}:${asText(about['ts'])}`;
      const isGone = typeof model.told.get(itself)?.removedAt === 'number';
      return [...(isOld ? [`${channel}:${root}`] : []), ...(isGone ? [itself] : [])];
    }),
  );
}

function eachTold(evidence: Evidence): readonly Finding[] {
  const { requests, messages, model } = evidence;
  const sources = new Map<string, Request>(
    requests.flatMap((r) =>
      r.source.channel === null ? [] : [[`${r.source.channel}:${r.source.ts}`, r] as const],
    ),
  );
  const kept = new Set(messages.map(keyOf));
  const lost = lostForGood(evidence);
  const edited = untold(evidence, 'message_changed');
  const findings: Finding[] = [];
  const blame = (told: Told, what: string): void => {
    findings.push({ check: 'requests', what: `${keyOf(told)} ${what}`, about: [keyOf(told), ...told.words] });
  };
  for (const told of model.told.values()) {
    const key = keyOf(told);
    const stale = sources.get(key);
    // After a gap no edits are looked for in what is closed; and an asker may want what was shown to stay as it is.
    const isKept =
      stale !== undefined &&
      ((stale.state === 'closed' && edited.has(key)) || whats(evidence, stale.id).includes('kept its text'));
    if (stale !== undefined && told.removedAt === null && !isKept && !readsAs(stale, told.words.at(-1) ?? ''))
      blame(told, 'was edited, and its request does not say so');
    if (told.expected === 'request' && !sources.has(key) && !lost.has(key))
      blame(told, 'should be a request, and is none');
    if (told.expected === 'kept' && !sources.has(key) && !kept.has(key) && !lost.has(key))
      blame(told, 'should be a request or belong to one, and does not');
    if (told.expected === 'nothing' && sources.has(key)) blame(told, 'is a request, and nobody asked for it');
  }
  return findings;
}

/** Also where its asker has not yet agreed to show it. */
function readsAs({ source, unshownText, state }: Request, word: string): boolean {
  const isOver = state === 'withdrawn' && unshownText === null;
  return isOver || `${source.text} ${unshownText}`.includes(word);
}

function eachFilled({ requests, model }: Evidence): readonly Finding[] {
  return model.filled.flatMap(({ word, expected }) => {
    const found = requests.filter(
      ({ source }) => source.channel === null && source.text?.includes(word) === true,
    );
    const about = [word, ...found.flatMap(aboutRequest)];
    if (found.length > 1)
      return [{ check: 'requests', what: `what was filled in once is ${found.length} requests`, about }];
    return expected === 'request' && found.length === 0
      ? [{ check: 'requests', what: 'a form or command was acknowledged, and is no request', about }]
      : [];
  });
}

/** Every request stems from something that was written in this soak. */
function withoutCause({ requests, model }: Evidence): readonly Finding[] {
  return requests
    .filter(({ source, asker }) =>
      source.channel === null
        ? !model.filled.some(({ word, by }) => by === asker && source.text?.includes(word) === true)
        : !model.told.has(`${source.channel}:${source.ts}`),
    )
    .map((request) => ({
      check: 'requests',
      what: 'a request that nobody asked',
      about: aboutRequest(request),
    }));
}

/** No acknowledged event without its row, none undone, none failed, none left as too early for a request that there is. */
export function checkInbox(evidence: Evidence): readonly Finding[] {
  const { inbox, requests, messages, model, slack } = evidence;
  const kept = new Set(messages.map(keyOf));
  const ids = new Set(inbox.map(({ eventId }) => eventId));
  const keys = new Set(inbox.map(({ key }) => key));
  const findings: Finding[] = [];
  const blame = (what: string, about: readonly string[] = []): void => {
    findings.push({ check: 'inbox', what, about });
  };
  for (const record of slack.deliveries()) {
    if (record.outcome !== 'acked' && record.outcome !== 'late') continue;
    if (parseEvent(record.type, record.payload).kind === 'ignored' || hasErrors(record.ack)) continue;
    const { eventId, key, subject } = identify(record.type, record.envelopeId, record.payload);
    if (!ids.has(eventId) && (key === null || !keys.has(key)))
      blame(
        `${record.type} ${key ?? eventId} was acknowledged and is not stored`,
        subject === null ? [] : [subject],
      );
  }
  // What is captured by its own event is there before all that is about it.
  const own = requests.filter(
    ({ source: { kind, channel, ts } }) =>
      (kind === 'dm' && !model.remade.has(`${channel}:${ts}`)) || kind === 'every_message',
  );
  const places = new Map<string, Request>(
    own.flatMap(
      (r) =>
        [
          [`${String(r.source.channel)}:${r.source.ts}`, r],
          ...(r.card === null ? [] : [[`${r.card.channel}:${r.card.ts}`, r] as const]),
        ] as const,
    ),
  );
  /** An edit or deletion of what belongs to no conversation, though it stands in a request's thread. */
  const isOfStranger = (key: string | null, subject: string | null): boolean => {
    const changed = /^(?:changed|deleted):(\w+:[\d.]+)/.exec(key ?? '')?.[1];
    return changed !== undefined && changed !== subject && !kept.has(changed);
  };
  for (const { eventId, key, subject, isDone, outcome, reason } of inbox) {
    const about = subject === null ? [] : [subject];
    if (!isDone) blame(`${key ?? eventId} is stored and not handled (${reason ?? 'no reason'})`, about);
    if (outcome === 'failed') blame(`${key ?? eventId} was given up (${reason ?? 'no reason'})`, about);
    const request =
      outcome === 'early' && !isOfStranger(key, subject) ? places.get(subject ?? '') : undefined;
    if (request !== undefined)
      blame(`${key ?? eventId} waits for a request that is there`, aboutRequest(request));
  }
  return findings;
}

function hasErrors(ack: Json | undefined): boolean {
  return ack?.['response_action'] === 'errors';
}

/** Nothing left to say, nothing left to do: no row of the outbox, no follow-up that came due unnoticed. */
export async function checkLeftOvers(evidence: Evidence): Promise<readonly Finding[]> {
  const { outbox, pool } = evidence;
  const { rows } = await pool.query<{ id: number }>(
    "select id from requests where next_due_at < now() - interval '5 s' order by id",
  );
  return [
    ...outbox.map(({ key, requestId, error }) => ({
      check: 'outbox',
      what: `${key} was never said (${error ?? 'no error'})`,
      about: requestId === null ? [] : [`#${requestId}`],
    })),
    ...rows.map(({ id }) => ({
      check: 'timers',
      what: 'a follow-up is due and does not come',
      about: [`#${id}`],
    })),
  ];
}

/** Which of a person's acts may have left which lines; `*`: whatever they did. */
const CAUSES: readonly (readonly [line: RegExp, actions: readonly string[]])[] = [
  [/^(?:asked|captured) it/, ['*']],
  [/^took it$/, ['take']],
  [/^(?:assigned it to|handed it over to)/, ['assign']],
  [/^(?:gave it back|passed)$/, ['pass']],
  [/^waits for the asker$/, ['wait']],
  [/^put on hold$/, ['hold']],
  [/^took off hold$/, ['unhold']],
  [/^resolved it$/, ['resolve', 'resolve_note']],
  [/^re-opened it$/, ['reopen', 'still_broken', 'reply']],
  [/^confirmed$/, ['confirm']],
  [/^marked it as a duplicate$/, ['duplicate']],
  [/^marked it as not a request$/, ['not_request']],
  [/^declined it$/, ['decline']],
  [/^withdrew it$/, ['withdraw', 'cancel']],
  [/^deleted the message$/, ['delete']],
  [/^undid it$/, ['undo']],
  [/^moved it to/, ['move']],
  [/^set to/, ['priority']],
  [/^kept open$/, ['keep_open']],
  [/^agreed to post/, ['post']],
  [/^kept its text$/, ['cancel']],
  [/^answered/, ['reply']],
  [/^wrote$/, ['reply']],
];

/** An act has its effect once, however often Slack delivers it: nobody's lines outnumber what they did. */
export function checkCauses(evidence: Evidence): readonly Finding[] {
  const { requests, timelines, model, messages } = evidence;
  const places = new Map<string, number>(messages.map((message) => [keyOf(message), message.requestId]));
  for (const { id, source, card, leftCards } of requests) {
    if (source.channel !== null) places.set(`${source.channel}:${source.ts}`, id);
    for (const left of card === null ? leftCards : [...leftCards, card]) places.set(keyOf(left), id);
  }
  const did = new Map<string, number>();
  for (const { by, action, on } of model.causes) {
    const id = typeof on === 'number' ? on : (places.get(keyOf(on)) ?? removedCardOf(evidence, keyOf(on)));
    // What was made a request of its own may have answered another one of the same DM before.
    const others =
      typeof on === 'number' || !model.remade.has(keyOf(on))
        ? []
        : requests.filter(({ conversation }) => conversation.channel === on.channel).map((one) => one.id);
    for (const home of new Set([id, ...others])) {
      const key = `${home} ${by} ${action}`;
      did.set(key, (did.get(key) ?? 0) + 1);
    }
  }
  const findings: Finding[] = [];
  for (const request of requests) {
    const lines = (timelines.get(request.id) ?? []).filter(({ actor }) => actor !== null);
    const groups = Map.groupBy(
      lines,
      ({ actor, what }) => `${actor} ${CAUSES.findIndex(([line]) => line.test(what))}`,
    );
    for (const group of groups.values()) {
      const [first] = group;
      if (first === undefined) continue;
      const [, actions] = CAUSES.find(([line]) => line.test(first.what)) ?? [];
      if (actions === undefined) throw new Error(`the soak does not know the line: ${first.what}`);
      const isCapture = actions.includes('*');
      const most = isCapture
        ? 1
        : actions.reduce((sum, action) => sum + (did.get(`${request.id} ${first.actor} ${action}`) ?? 0), 0);
      if (group.length > most)
        findings.push({
          check: 'causes',
          what: `"${first.what}" ${group.length} times by ${first.actor}, who did so ${most} times`,
          about: aboutRequest(request),
        });
    }
  }
  return findings;
}

/** A card that an administrator has deleted is nobody's any more; its posts still tell whose it was. */
function removedCardOf({ posts }: Evidence, key: string): number {
  const post = posts.find((one) => keyOf(one) === key);
  return Number(/#(\d+)/.exec(post?.text ?? '')?.[1] ?? 0);
}

/** While it is unowned the ladder climbs, and while it waits it nudges: never otherwise, each step once. */
export function checkReminders(evidence: Evidence): readonly Finding[] {
  const { requests, model } = evidence;
  return requests.flatMap((request) => {
    const lines = whats(evidence, request.id);
    const wrong = mootLines(lines);
    const reminded = lines.filter((what) => what === 'reminded').length;
    const wanted = model.causes.filter(({ action, on }) => action === 'remind' && on === request.id).length;
    return [
      ...wrong.map((what) => ({ check: 'reminders', what, about: aboutRequest(request) })),
      ...(reminded > wanted
        ? [
            {
              check: 'reminders',
              what: `reminded ${reminded} times, wanted ${wanted}`,
              about: aboutRequest(request),
            },
          ]
        : []),
    ];
  });
}

export const OWNED = /^(?:took it|assigned it to|handed it over to|answered and took it)/;
export const OVER =
  /^(?:resolved|confirmed|closed by silence|marked it|declined it|withdrew it|put on hold|waits for the asker)/;
export const PERHAPS_NEW =
  /^(?:gave it back|lost its owner|undid it|re-opened it|took off hold|hold ended|moved it to|answered$|agreed to post|passed)/;

/**
 * What the clock did though it was moot, by a request's lines in the order of their commits: a step of the ladder while it
 * was surely not new, a nudge while it was surely not waiting.
 */
export function mootLines(lines: readonly string[]): readonly string[] {
  const wrong: string[] = [];
  let mayBeNew = true;
  let mayWait = false;
  for (const [place, what] of lines.entries()) {
    if (what.startsWith('ladder:') && !mayBeNew) wrong.push(`"${what}" after "${lines[place - 1]}"`);
    if (/^(?:nudged|told the asker that it ends)/.test(what) && !mayWait)
      wrong.push(`"${what}" after "${lines[place - 1]}"`);
    if (OWNED.test(what)) mayBeNew = false;
    if (OVER.test(what)) mayBeNew = mayWait = false;
    if (what === 'waits for the asker' || /^undid it|^re-opened it|^moved it to/.test(what)) mayWait = true;
    if (what === 'answered' || /took off hold/.test(what)) mayWait = false;
    if (PERHAPS_NEW.test(what)) mayBeNew = true;
  }
  return wrong;
}
