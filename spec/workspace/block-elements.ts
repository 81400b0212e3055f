import {
  chars,
  flag,
  integer,
  list,
  object,
  oneOf,
  pattern,
  plain,
  type Rule,
  type Shape,
  text,
} from './block-rules.ts';
import { asText, isJson, isJsonList, type Json } from './wire.ts';

const ID = chars(255);
const URL_TEXT = chars(3000);
const USER = pattern(/^[UW]\w+$/);
const CHANNEL = pattern(/^[CDG]\w+$/);

const confirm: Rule = object({
  required: { text: text(300) },
  optional: { title: plain(100), confirm: plain(30), deny: plain(30), style: oneOf('primary', 'danger') },
});

const common = { action_id: ID, confirm, focus_on_load: flag };
const menu = { ...common, placeholder: plain(150) };
const typed = {
  action_id: ID,
  focus_on_load: flag,
  placeholder: plain(150),
  dispatch_action_config: object({
    required: {
      trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), 1, 2),
    },
  }),
};

function option(label: Rule, more: Readonly<Record<string, Rule>> = {}): Rule {
  return object({
    required: { text: label, value: chars(75) },
    optional: { description: plain(75), ...more },
  });
}

const plainOption = option(plain(75));
const richOption = option(text(75));
const groups = list(object({ required: { label: plain(75), options: list(plainOption, 1, 100) } }), 1, 100);

function optionsOf(node: Json): Json[] {
  const own = isJsonList(node['options']) ? node['options'] : [];
  const grouped = isJsonList(node['option_groups']) ? node['option_groups'] : [];
  return [...own, ...grouped.flatMap((group) => (isJsonList(group['options']) ? group['options'] : []))];
}

/** The values differ, and what is chosen at first is one of them, exactly. */
const consistentOptions: NonNullable<Shape['also']> = (node, path, problems) => {
  const values = optionsOf(node).map((each) => asText(each['value']));
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) problems.add(path, `the value ${twice} appears twice in the options`);
  const initial = [node['initial_option'], node['initial_options']].flat().filter(isJson);
  for (const each of initial) {
    const known = optionsOf(node).some((other) => JSON.stringify(other) === JSON.stringify(each));
    if (!known) problems.add(`${path}/initial_option`, 'must be one of the options');
  }
};

const eitherOptions: NonNullable<Shape['also']> = (node, path, problems) => {
  if ((node['options'] === undefined) === (node['option_groups'] === undefined)) {
    problems.add(path, 'exactly one of options and option_groups is needed');
  }
  consistentOptions(node, path, problems);
};

const lengths: NonNullable<Shape['also']> = (node, path, problems) => {
  if (Number(node['min_length'] ?? 0) > Number(node['max_length'] ?? 3000)) {
    problems.add(path, 'min_length must not be more than max_length');
  }
};

export const image: Shape = {
  required: { alt_text: chars(2000) },
  optional: { image_url: URL_TEXT, slack_file: object({ optional: { id: ID, url: URL_TEXT } }) },
  also: (node, path, problems) => {
    if ((node['image_url'] === undefined) === (node['slack_file'] === undefined)) {
      problems.add(path, 'exactly one of image_url and slack_file is needed');
    }
  },
};

const filter: Rule = object({
  optional: {
    include: list(oneOf('im', 'mpim', 'private', 'public'), 1, 4),
    exclude_external_shared_channels: flag,
    exclude_bot_users: flag,
  },
});

export const elements: Readonly<Record<string, Shape>> = {
  image,
  button: {
    required: { text: plain(75) },
    optional: {
      ...common,
      value: chars(2000),
      url: URL_TEXT,
      style: oneOf('primary', 'danger'),
      accessibility_label: chars(75),
    },
  },
  overflow: {
    required: { options: list(option(plain(75), { url: URL_TEXT }), 1, 5) },
    optional: { action_id: ID, confirm },
    also: consistentOptions,
  },
  static_select: {
    optional: {
      ...menu,
      options: list(plainOption, 1, 100),
      option_groups: groups,
      initial_option: plainOption,
    },
    also: eitherOptions,
  },
  multi_static_select: {
    optional: {
      ...menu,
      options: list(plainOption, 1, 100),
      option_groups: groups,
      initial_options: list(plainOption, 1, 100),
      max_selected_items: integer(1, 100),
    },
    also: eitherOptions,
  },
  external_select: {
    optional: { ...menu, initial_option: plainOption, min_query_length: integer(0, 100) },
  },
  users_select: { optional: { ...menu, initial_user: USER } },
  multi_users_select: {
    optional: { ...menu, initial_users: list(USER, 1, 100), max_selected_items: integer(1, 100) },
  },
  conversations_select: {
    optional: {
      ...menu,
      initial_conversation: CHANNEL,
      default_to_current_conversation: flag,
      response_url_enabled: flag,
      filter,
    },
  },
  channels_select: { optional: { ...menu, initial_channel: CHANNEL, response_url_enabled: flag } },
  datepicker: { optional: { ...menu, initial_date: pattern(/^\d{4}-\d\d-\d\d$/) } },
  timepicker: {
    optional: { ...menu, initial_time: pattern(/^([01]\d|2[0-3]):[0-5]\d$/), timezone: chars(100) },
  },
  datetimepicker: { optional: { ...common, initial_date_time: integer(1_000_000_000, 9_999_999_999) } },
  checkboxes: {
    required: { options: list(richOption, 1, 10) },
    optional: { ...common, initial_options: list(richOption, 1, 10) },
    also: consistentOptions,
  },
  radio_buttons: {
    required: { options: list(richOption, 1, 10) },
    optional: { ...common, initial_option: richOption },
    also: consistentOptions,
  },
  plain_text_input: {
    optional: {
      ...typed,
      multiline: flag,
      initial_value: chars(3000, 0),
      min_length: integer(0, 3000),
      max_length: integer(1, 3000),
    },
    also: lengths,
  },
  email_text_input: { optional: { ...typed, initial_value: chars(3000) } },
  url_text_input: { optional: { ...typed, initial_value: chars(3000) } },
  number_input: {
    required: { is_decimal_allowed: flag },
    optional: { ...typed, initial_value: chars(100), min_value: chars(100), max_value: chars(100) },
  },
};

const MENUS = ['static_select', 'external_select', 'users_select', 'conversations_select', 'channels_select'];
const PICKERS = ['datepicker', 'timepicker', 'datetimepicker', 'checkboxes', 'radio_buttons'];
const MULTI = ['multi_static_select', 'multi_users_select'];
const TYPED = ['plain_text_input', 'email_text_input', 'url_text_input', 'number_input'];

/** Which elements may stand where. */
export const IN_ACTIONS = ['button', 'overflow', ...MENUS, ...PICKERS];
export const IN_ACCESSORY = ['image', 'button', 'overflow', ...MENUS, ...MULTI, ...PICKERS];
export const IN_INPUT = [...MENUS, ...MULTI, ...PICKERS, ...TYPED];
