/** What the page sends, from JSON to unions; whatever else comes is refused. */
import { isJson, type Json } from '../wire.ts';
import { Refusal } from './refusal.ts';
import type { Deed, Doing, SkipKind, StageWish, TimeWish, TroubleKind, TroubleWish } from './wire.ts';

const SKIPS: readonly SkipKind[] = ['next', '10m', '1h', 'tomorrow9', 'monday9'];
const LASTING: readonly TroubleKind[] = ['slowSlack', 'postgresStopped', 'daemonStopped', 'slackUnreachable'];
const ONCE = ['dropSocket', 'refreshSocket', 'killDaemon'] as const;
const STAGES = ['time', 'faults'] as const;
const FASTEST = 1_000_000;

export function readDoing(body: Json): Doing {
  const { deed } = body;
  if (!isJson(deed)) throw new Refusal(400, 'deed is missing');
  return { as: text(body, 'as'), deed: readDeed(deed) };
}

function readDeed(deed: Json): Deed {
  const name = text(deed, 'do');
  const reader = Object.hasOwn(DEEDS, name) ? DEEDS[name as Deed['do']] : undefined;
  if (reader === undefined) throw new Refusal(400, `there is no deed “${name}”`);
  return reader(deed);
}

const ref = (deed: Json) => ({ channel: text(deed, 'channel'), ts: text(deed, 'ts') });
const element = (deed: Json) => ({ blockId: text(deed, 'blockId'), actionId: text(deed, 'actionId') });

const DEEDS = {
  say: (deed) => ({
    do: 'say',
    channel: text(deed, 'channel'),
    text: text(deed, 'text'),
    ...(deed['thread'] === undefined ? {} : { thread: text(deed, 'thread') }),
    ...(deed['broadcast'] === undefined ? {} : { broadcast: flag(deed, 'broadcast') }),
  }),
  slash: (deed) => ({
    do: 'slash',
    channel: text(deed, 'channel'),
    command: text(deed, 'command'),
    text: text(deed, 'text'),
  }),
  edit: (deed) => ({ do: 'edit', ...ref(deed), text: text(deed, 'text') }),
  remove: (deed) => ({ do: 'remove', ...ref(deed) }),
  react: (deed) => ({ do: 'react', ...ref(deed), name: text(deed, 'name'), on: flag(deed, 'on') }),
  press: (deed) => ({
    do: 'press',
    ...ref(deed),
    ...element(deed),
    ...(deed['option'] === undefined ? {} : { option: text(deed, 'option') }),
  }),
  choose: (deed) => ({ do: 'choose', ...ref(deed), ...element(deed), value: text(deed, 'value') }),
  shortcut: (deed) => ({
    do: 'shortcut',
    callbackId: text(deed, 'callbackId'),
    ...(deed['ts'] === undefined ? {} : ref(deed)),
  }),
  pressInView: (deed) => ({
    do: 'pressInView',
    view: text(deed, 'view'),
    actionId: text(deed, 'actionId'),
    value: deed['value'] === null ? null : text(deed, 'value'),
  }),
  submit: (deed) => ({ do: 'submit', view: text(deed, 'view'), values: values(deed['values']) }),
  dismiss: (deed) => ({ do: 'dismiss', view: text(deed, 'view') }),
  dismissEphemeral: (deed) => ({ do: 'dismissEphemeral', ts: text(deed, 'ts') }),
  join: (deed) => ({ do: 'join', channel: text(deed, 'channel') }),
  leave: (deed) => ({ do: 'leave', channel: text(deed, 'channel') }),
  invite: (deed) => ({ do: 'invite', channel: text(deed, 'channel') }),
} as const satisfies { readonly [Name in Deed['do']]: (deed: Json) => Extract<Deed, { do: Name }> };

export function readTimeWish(body: Json): TimeWish {
  if (body['stop'] === true) return { stop: true };
  if ('skip' in body) return { skip: oneOf(body, 'skip', SKIPS) };
  if ('skipTo' in body) return { skipTo: number(body, 'skipTo', Number.MAX_SAFE_INTEGER) };
  return { speed: number(body, 'speed', FASTEST) };
}

export function readTroubleWish(body: Json): TroubleWish {
  if ('once' in body) return { once: oneOf(body, 'once', ONCE) };
  return { lasting: oneOf(body, 'lasting', LASTING), on: flag(body, 'on') };
}

export function readStageWish(body: Json): StageWish {
  return { kind: oneOf(body, 'kind', STAGES) };
}

function text(from: Json, name: string): string {
  const value = from[name];
  if (typeof value !== 'string') throw new Refusal(400, `${name} must be a text`);
  return value;
}

function flag(from: Json, name: string): boolean {
  const value = from[name];
  if (typeof value !== 'boolean') throw new Refusal(400, `${name} must be true or false`);
  return value;
}

function number(from: Json, name: string, most: number): number {
  const value = from[name];
  if (typeof value !== 'number' || !(value >= 0 && value <= most))
    throw new Refusal(400, `${name} must be a number from 0 to ${most}`);
  return value;
}

function oneOf<T extends string>(from: Json, name: string, all: readonly T[]): T {
  const value = from[name];
  const found = all.find((each) => each === value);
  if (found === undefined) throw new Refusal(400, `${name} must be one of ${all.join(', ')}`);
  return found;
}

function values(value: unknown): Extract<Deed, { do: 'submit' }>['values'] {
  if (!isJson(value)) throw new Refusal(400, 'values must be an object');
  const entries = Object.entries(value).map(([name, each]): [string, string | readonly string[] | null] => {
    if (each === null || typeof each === 'string') return [name, each];
    if (Array.isArray(each) && each.every((one): one is string => typeof one === 'string'))
      return [name, each];
    throw new Refusal(400, `values.${name} must be a text, a list of texts, or null`);
  });
  return Object.fromEntries(entries);
}
