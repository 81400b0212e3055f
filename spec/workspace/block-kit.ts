import { elements, IN_ACCESSORY, IN_ACTIONS, IN_INPUT, image } from './block-elements.ts';
import { richText } from './block-rich-text.ts';
import {
  chars,
  flag,
  list,
  object,
  oneOf,
  oneOfTypes,
  Problems,
  plain,
  type Shape,
  text,
} from './block-rules.ts';
import { asText, isJson, isJsonList, type Json } from './wire.ts';

export type Surface = 'message' | 'modal' | 'home';

/** The most blocks of a message, and of a modal or Home tab. */
const MAX_BLOCKS: Readonly<Record<Surface, number>> = { message: 50, modal: 100, home: 100 };
/** All `markdown` blocks of one message together. */
const MAX_MARKDOWN = 12_000;

const blocks: Readonly<Record<string, Shape>> = {
  divider: {},
  section: {
    optional: {
      text: text(3000),
      fields: list(text(2000), 1, 10),
      accessory: oneOfTypes(elements, IN_ACCESSORY),
      expand: flag,
    },
    also: (node, path, problems) => {
      if (node['text'] === undefined && node['fields'] === undefined)
        problems.add(path, 'text or fields is needed');
    },
  },
  header: { required: { text: plain(150) } },
  context: {
    required: {
      elements: list(
        (value, path, problems) => {
          const rule = isJson(value) && value['type'] === 'image' ? object(image) : text(3000);
          rule(value, path, problems);
        },
        1,
        10,
      ),
    },
  },
  actions: {
    required: { elements: list(oneOfTypes(elements, IN_ACTIONS), 1, 25) },
    also: (node, path, problems) => {
      const ids = (isJsonList(node['elements']) ? node['elements'] : []).map((each) => each['action_id']);
      const twice = ids.find((id, index) => id !== undefined && ids.indexOf(id) !== index);
      if (twice !== undefined)
        problems.add(`${path}/elements`, `action_id ${asText(twice)} appears twice in a block`);
    },
  },
  input: {
    required: { label: plain(2000), element: oneOfTypes(elements, IN_INPUT) },
    optional: { hint: plain(2000), optional: flag, dispatch_action: flag },
  },
  image: {
    ...image,
    optional: { ...image.optional, title: plain(2000) },
  },
  rich_text: richText,
  markdown: { required: { text: chars(MAX_MARKDOWN) } },
  alert: {
    required: { text: text(200) },
    optional: { level: oneOf('default', 'info', 'warning', 'error', 'success') },
  },
};

const named = Object.fromEntries(
  Object.entries(blocks).map(([type, shape]) => [
    type,
    { ...shape, optional: { ...shape.optional, block_id: chars(255) } },
  ]),
);

const COMMON = ['divider', 'section', 'header', 'context', 'actions', 'input', 'image', 'rich_text'];
const ALLOWED: Readonly<Record<Surface, readonly string[]>> = {
  message: [...COMMON, 'markdown'],
  modal: [...COMMON, 'alert'],
  home: COMMON,
};

function check(list_: unknown, surface: Surface, path: string, problems: Problems): void {
  list(oneOfTypes(named, ALLOWED[surface]), 0, MAX_BLOCKS[surface])(list_, path, problems);
  if (!isJsonList(list_)) return;
  const seen = new Set<string>();
  let markdown = 0;
  for (const [index, block] of list_.entries()) {
    const id = block['block_id'];
    if (typeof id === 'string' && seen.has(id))
      problems.add(`${path}/${index}/block_id`, `block_id ${id} already exists`);
    if (typeof id === 'string') seen.add(id);
    if (block['type'] === 'markdown') markdown += asText(block['text']).length;
  }
  if (markdown > MAX_MARKDOWN)
    problems.add(path, `markdown must be less than ${MAX_MARKDOWN + 1} characters`);
  const focused = list_
    .flatMap((block) => everyElement(block))
    .filter((each) => each['focus_on_load'] === true);
  if (focused.length > 1) problems.add(path, 'only one element may have focus_on_load');
}

function everyElement(block: Json): Json[] {
  const inside = isJsonList(block['elements']) ? block['elements'] : [];
  return [...inside, ...[block['element'], block['accessory']].filter(isJson)];
}

/** What Slack would refuse about these blocks, each with its place; an empty list if it would take them. */
export function checkBlocks(blocks_: unknown, surface: Surface): string[] {
  const problems = new Problems();
  check(blocks_, surface, '/blocks', problems);
  return problems.list;
}

const base = {
  blocks: () => {},
  private_metadata: chars(3000, 0),
  callback_id: chars(255, 0),
  external_id: chars(255, 0),
};

const views: Readonly<Record<string, Shape>> = {
  modal: {
    required: { title: plain(24), blocks: () => {} },
    optional: {
      ...base,
      submit: plain(24),
      close: plain(24),
      clear_on_close: flag,
      notify_on_close: flag,
      submit_disabled: flag,
    },
    also: (view, path, problems) => {
      const inputs = isJsonList(view['blocks']) && view['blocks'].some((block) => block['type'] === 'input');
      if (inputs && view['submit'] === undefined) problems.add(path, 'missing required field: submit');
    },
  },
  home: { required: { blocks: () => {} }, optional: base },
};

/** The same for a whole view, modal or Home tab. */
export function checkView(view: unknown): string[] {
  const problems = new Problems();
  oneOfTypes(views, ['modal', 'home'])(view, '/view', problems);
  if (!isJson(view)) return problems.list;
  check(view['blocks'], view['type'] === 'home' ? 'home' : 'modal', '/view/blocks', problems);
  return problems.list;
}
