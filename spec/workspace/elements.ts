import { asText, isJson, isJsonList, type Json } from './wire.ts';

/** One thing in a message or view that a person can press or choose; each option of an overflow menu is one. */
export interface Pressable {
  readonly blockId: string;
  readonly actionId: string;
  /** The element's type: `button`, `overflow`, `users_select`, … */
  readonly kind: string;
  /** What it says: a button's or option's text, a menu's placeholder. */
  readonly text: string;
  readonly value: string;
  readonly style: string;
  readonly element: Json;
  /** The overflow's option. */
  readonly option?: Json;
}

export function plainOf(text: unknown): string {
  return isJson(text) && typeof text['text'] === 'string' ? text['text'] : '';
}

function list(value: unknown): readonly Json[] {
  return isJsonList(value) ? value : [];
}

/** Everything that can be pressed or chosen, in the order in which it is shown. */
export function pressables(blocks: readonly Json[]): Pressable[] {
  return blocks.flatMap((block) => {
    const elements = [...list(block['elements']), ...[block['accessory'], block['element']].filter(isJson)];
    return elements.flatMap((element) => pressablesOf(asText(block['block_id']), element));
  });
}

function pressablesOf(blockId: string, element: Json): Pressable[] {
  if (typeof element['action_id'] !== 'string' || typeof element['type'] !== 'string') return [];
  const common = {
    blockId,
    actionId: element['action_id'],
    kind: element['type'],
    value: typeof element['value'] === 'string' ? element['value'] : '',
    style: typeof element['style'] === 'string' ? element['style'] : '',
    element,
  };
  if (element['type'] !== 'overflow') {
    return [{ ...common, text: plainOf(element['text']) || plainOf(element['placeholder']) }];
  }
  return list(element['options']).map((option) => ({
    ...common,
    text: plainOf(option['text']),
    value: asText(option['value']),
    option,
  }));
}

function options(element: Json): readonly Json[] {
  return [
    ...list(element['options']),
    ...list(element['option_groups']).flatMap((group) => list(group['options'])),
  ];
}

function optionOf(element: Json, chosen: string): Json {
  const found = options(element).find((each) => each['value'] === chosen || plainOf(each['text']) === chosen);
  if (!found) {
    const offered = options(element).map((each) => plainOf(each['text']));
    throw new Error(`${asText(element['action_id'])} offers no ${chosen}; it offers: ${offered.join(', ')}`);
  }
  return { text: found['text'], value: found['value'] };
}

type Choice = string | readonly string[] | null;

const many = (chosen: Choice): readonly string[] => (typeof chosen === 'string' ? [chosen] : (chosen ?? []));
const one = (chosen: Choice): string | null => many(chosen)[0] ?? null;

/** What Slack reports of an element once a person has chosen or typed something (null: nothing). */
export function chosenIn(element: Json, chosen: Choice): Json {
  const type = asText(element['type']);
  const first = one(chosen);
  switch (type) {
    case 'button':
      return { type, text: element['text'], value: element['value'] ?? '' };
    case 'overflow':
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
      return { type, selected_option: first === null ? null : optionOf(element, first) };
    case 'multi_static_select':
    case 'checkboxes':
      return { type, selected_options: many(chosen).map((each) => optionOf(element, each)) };
    case 'users_select':
      return { type, selected_user: first };
    case 'multi_users_select':
      return { type, selected_users: many(chosen) };
    case 'conversations_select':
      return { type, selected_conversation: first };
    case 'channels_select':
      return { type, selected_channel: first };
    case 'datepicker':
      return { type, selected_date: first };
    case 'timepicker':
      return { type, selected_time: first };
    case 'datetimepicker':
      return { type, selected_date_time: first === null ? null : Number(first) };
    default:
      return { type, value: first };
  }
}

function optionValue(option: unknown): string {
  return isJson(option) ? asText(option['value']) : '';
}

/** What an input holds before anybody touches it. */
export function initialOf(element: Json): Choice {
  if (isJson(element['initial_option'])) return optionValue(element['initial_option']);
  if (Array.isArray(element['initial_options'])) return element['initial_options'].map(optionValue);
  for (const [name, value] of Object.entries(element)) {
    if (name.startsWith('initial_') && value !== null && value !== undefined) {
      return Array.isArray(value) ? value.map(asText) : asText(value);
    }
  }
  return null;
}

/** Is an input left empty? */
export function isEmpty(state: Json): boolean {
  const { type: _type, ...rest } = state;
  return Object.values(rest).every(
    (each) => each === null || each === '' || (Array.isArray(each) && each.length === 0),
  );
}
