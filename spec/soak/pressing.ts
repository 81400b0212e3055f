/** Buttons, menus, forms and commands: what people of a soak do that the app must answer. */
import { parseConsent, parsePressed } from '../../src/domain/actions.ts';
import { type Pressable, pressables } from '../workspace/elements.ts';
import type { MessageRef } from '../workspace/people.ts';
import { textOf } from '../workspace/text-of.ts';
import { asText, isJson, type Json, type Person, type View } from '../workspace/wire.ts';
import { wordsIn } from './model.ts';
import { pickAt, pickLate } from './random.ts';
import {
  type Act,
  cardsFor,
  type Deed,
  deed,
  knownNumbers,
  linesFor,
  newForm,
  type Picks,
  type Stage,
} from './stage.ts';

interface Choice {
  readonly ref: MessageRef;
  readonly what: Pressable;
  readonly text: string;
}

function choices(
  messages: readonly (MessageRef & { text: string; blocks?: readonly Json[] })[],
): readonly Choice[] {
  return messages.flatMap((message) =>
    pressables(message.blocks ?? []).map((what) => ({
      ref: { channel: message.channel, ts: message.ts },
      what,
      text: textOf(message),
    })),
  );
}

export const pressCard: Act = (stage, who, picks) => {
  const card = pickLate(cardsFor(stage, who), picks[0]);
  return press(stage, who, pickAt(choices([card]), picks[1]), picks);
};

export const pressMessage: Act = (stage, who, picks) => {
  const seen = [...linesFor(stage, who), ...stage.slack.ephemerals(who).slice(-8)];
  seen.sort((one, other) => Number(one.ts) - Number(other.ts));
  return press(stage, who, pickLate(choices(seen), picks[0]), picks);
};

/** Several people at once, at the newest of what they all see. */
export const together: Act = async (stage, who, [which, , more]) => {
  const card = pickAt(cardsFor(stage, who).slice(-4), which);
  const crowd = [...stage.slack.world.channel(card.channel).members]
    .map((id) => stage.slack.world.person(id))
    .filter(({ isBot }) => !isBot);
  const all = choices([card]);
  const done = await Promise.all(
    crowd.map((person, place) => {
      const at = (which * 7 + place * 0.05) % 1;
      return press(stage, person, pickAt(all, at), [at, at, more]);
    }),
  );
  return deed(
    `and others at once: ${done.map(({ text }) => text).join('; ')}`,
    ...done.flatMap((d) => d.about),
  );
};

async function press(stage: Stage, who: Person, { ref, what, text }: Choice, picks: Picks): Promise<Deed> {
  const { slack, model } = stage;
  const pressed = parsePressed(what.actionId, what.value);
  const id = pressed === null ? null : (parseConsent(pressed.value)?.id ?? numberIn(pressed.value));
  if (pressed !== null && id !== null && !opensForm(pressed.action)) model.did(who.id, pressed.action, id);
  if (pressed?.action === 'make_new') model.remade.add(pressed.value);
  if (pressed?.action === 'post') for (const word of wordsIn(text)) model.agreed.add(word);
  const before = new Set(slack.views(who).map((view) => view.id));
  const outcome = await slack.press(
    who,
    ref,
    (each) => each.actionId === what.actionId && each.value === what.value,
  );
  const said = `presses ${what.text} (${outcome.error ?? 'acknowledged'})`;
  const about = [ref, ...(id === null ? [] : [id])];
  if (outcome.error !== undefined || !opensForm(pressed?.action)) return deed(said, ...about);
  const view = await newForm(stage, who, ({ id: viewId }) => !before.has(viewId));
  if (view === null) return deed(`${said}, and no form opens`, ...about);
  return deed(`${said}; ${await inForm(stage, who, view, id, picks)}`, ...about);
}

function numberIn(value: string): number | null {
  const found = /^\d{1,15}$/.exec(value)?.[0];
  return found === undefined ? null : Number(found);
}

const FORMS = new Set([
  'assign',
  'hold',
  'priority',
  'duplicate',
  'move',
  'decline',
  'resolve_note',
  'snooze',
  'remind',
  'all',
  'new',
  'set_duty',
]);

function opensForm(action: string | undefined): boolean {
  return action !== undefined && FORMS.has(action);
}

/** Fills in whatever the form asks, or presses one of its buttons. */
async function inForm(
  stage: Stage,
  who: Person,
  view: View,
  id: number | null,
  picks: Picks,
): Promise<string> {
  const { slack, model } = stage;
  const buttons = pressables(view.body.blocks).filter(({ kind }) => kind === 'button');
  const [button] = buttons.length > 0 ? [pickAt(buttons, picks[2])] : [];
  if (button !== undefined) {
    const pressed = parsePressed(button.actionId, button.value);
    // It may be the form of an earlier press, and of another request.
    const about = numberIn(pressed?.value ?? '');
    if (pressed !== null && about !== null && !opensForm(pressed.action))
      model.did(who.id, pressed.action, about);
    const before = new Set(slack.views(who).map((open) => open.id));
    const outcome = await slack.pressInView(who, (each) => each.actionId === button.actionId);
    const said = `presses ${button.text} in it (${outcome.error ?? 'acknowledged'})`;
    if (outcome.error !== undefined || !opensForm(pressed?.action)) return said;
    const next = await newForm(stage, who, ({ id: viewId }) => !before.has(viewId));
    return next === null
      ? `${said}, and no form opens`
      : `${said}; ${await inForm(stage, who, next, id, picks)}`;
  }
  const values: Record<string, string> = {};
  for (const block of view.body.blocks) {
    const element = block['element'];
    if (block['type'] === 'input' && isJson(element))
      values[asText(element['action_id'])] = valueFor(stage, element, picks);
  }
  const isNew = 'text' in values;
  const word = isNew ? model.newWord() : '';
  if (isNew) {
    values['text'] = `${word} by a button`;
    model.fill(who.id, word, 'maybe');
  }
  const form = /^change\.(\w+)$/.exec(asText(view.body['callback_id']))?.[1];
  if (form !== undefined) model.did(who.id, form, Number(view.body['private_metadata']));
  const { error, errors } = await slack.submit(who, values, view.id);
  const filled = model.filled.find((one) => one.word === word);
  if (filled !== undefined && error === undefined && errors === undefined) filled.expected = 'request';
  return `fills it in with ${JSON.stringify(values)} (${error ?? JSON.stringify(errors ?? 'acknowledged')})`;
}

function valueFor(stage: Stage, element: Json, picks: Picks): string {
  const options = element['options'];
  switch (element['type']) {
    case 'users_select':
      return pickAt(Object.values(stage.team.people), picks[1]).id;
    case 'datetimepicker':
      return String(Math.floor(Date.now() / 1000) + 2 + Math.floor(picks[2] * 6));
    case 'static_select':
      return Array.isArray(options) ? asText(pickAt<Json>(options.filter(isJson), picks[1])['value']) : '';
    default:
      return asText(element['action_id']) === 'of'
        ? `#${pickAt(knownNumbers(stage), picks[1])}`
        : 'as we agreed <!here>';
  }
}

/** A verb and what comes before its number, by name of the action that it stands for. */
const VERBS: readonly (readonly [action: string, typed: (n: string, stage: Stage, at: number) => string])[] =
  [
    ['take', (n) => `claim ${n}`],
    ['take', (n) => `claim ${n}`],
    ['assign', (n, { team }, at) => `assign ${n} <@${pickAt(Object.values(team.people), at).id}>`],
    ['pass', (n) => `pass ${n}`],
    ['priority', (n, _, at) => `priority ${n} ${pickAt(['urgent', 'high', 'normal', 'low'], at)}`],
    ['wait', (n) => `wait ${n}`],
    ['wait', (n) => `wait ${n}`],
    ['hold', (n, _, at) => `hold ${n} until in ${2 + Math.floor(at * 5)}s spare parts`],
    ['unhold', (n) => `unhold ${n}`],
    ['snooze', (n, _, at) => `snooze ${n} in ${2 + Math.floor(at * 5)}s`],
    ['remind', (n, _, at) => `remind ${n} in ${2 + Math.floor(at * 5)}s`],
    ['remind', (n, _, at) => `remind ${n} in ${2 + Math.floor(at * 5)}s`],
    ['resolve', (n) => `resolve ${n} it is done`],
    ['reopen', (n) => `reopen ${n}`],
    ['duplicate', (n, stage, at) => `duplicate ${n} of #${pickAt(knownNumbers(stage), at)}`],
    ['not_request', (n) => `not-request ${n}`],
    ['decline', (n) => `decline ${n} too dear`],
    ['withdraw', (n) => `withdraw ${n}`],
    ['move', (n, _, at) => `move ${n} ${pickAt(['it', 'web', 'web', 'hr'], at)}`],
    ['undo', (n) => `undo ${n}`],
    ['show', (n) => `show ${n}`],
    ['list', () => 'list'],
    ['status', () => 'status'],
    ['duty', () => 'duty'],
    ['help', () => 'hepl'],
  ];

export const verb: Act = async (stage, who, [which, what, more]) => {
  const { slack, team, model } = stage;
  const id = pickLate(knownNumbers(stage), which);
  const [action, typed] = pickAt(VERBS, what);
  const text = typed(`#${id}`, stage, more);
  model.did(who.id, action, id);
  const { error } = await slack.slash(who, pickAt(team.everyMessage, more), '/triage', text);
  return deed(`types /triage ${text} (${error ?? 'acknowledged'})`, id);
};
