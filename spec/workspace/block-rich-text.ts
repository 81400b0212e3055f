import { chars, flag, integer, list, object, oneOf, oneOfTypes, pattern, type Shape } from './block-rules.ts';

const style = object({
  optional: {
    bold: flag,
    italic: flag,
    strike: flag,
    code: flag,
    underline: flag,
    highlight: flag,
    client_highlight: flag,
    unlink: flag,
  },
});

const leaves: Readonly<Record<string, Shape>> = {
  text: { required: { text: chars(3000) }, optional: { style } },
  link: { required: { url: chars(3000) }, optional: { text: chars(3000), unsafe: flag, style } },
  emoji: {
    required: { name: pattern(/^[a-z0-9_+'-]+$/) },
    optional: { unicode: chars(100), url: chars(3000), skin_tone: integer(1, 6), style },
  },
  user: { required: { user_id: pattern(/^[UW]\w+$/) }, optional: { style } },
  channel: { required: { channel_id: pattern(/^[CDG]\w+$/) }, optional: { style } },
  usergroup: { required: { usergroup_id: pattern(/^S\w+$/) }, optional: { style } },
  team: { required: { team_id: pattern(/^T\w+$/) }, optional: { style } },
  broadcast: { required: { range: oneOf('here', 'channel', 'everyone') }, optional: { style } },
  date: {
    required: { timestamp: integer(0, 9_999_999_999), format: chars(3000) },
    optional: { url: chars(3000), fallback: chars(3000), style },
  },
  color: { required: { value: pattern(/^#[0-9a-fA-F]{6}$/) }, optional: { style } },
};

const anyLeaf = oneOfTypes(leaves, Object.keys(leaves));
const border = integer(0, 1);
const section: Shape = { required: { elements: list(anyLeaf, 0, 1000) } };

const parts: Readonly<Record<string, Shape>> = {
  rich_text_section: section,
  rich_text_quote: { required: { elements: list(anyLeaf, 0, 1000) }, optional: { border } },
  rich_text_preformatted: {
    required: { elements: list(oneOfTypes(leaves, ['text', 'link']), 1, 1000) },
    optional: { border, language: chars(100) },
  },
  rich_text_list: {
    required: {
      elements: list(oneOfTypes({ rich_text_section: section }, ['rich_text_section']), 1, 1000),
      style: oneOf('bullet', 'ordered'),
    },
    optional: { indent: integer(0, 8), offset: integer(0, 100_000), border },
  },
};

/** A `rich_text` block without its `block_id`. */
export const richText: Shape = {
  required: { elements: list(oneOfTypes(parts, Object.keys(parts)), 1, 1000) },
};
