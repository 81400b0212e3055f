/** Looking into blocks, which come as whatever JSON the app sent. */
import type { Json } from '../wire.ts';

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listIn(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}

export function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The text of a text object. */
export function wordsIn(value: unknown): string {
  return isJson(value) ? textIn(value['text']) : '';
}

export interface Option {
  readonly text: string;
  readonly value: string;
  readonly about: string;
}

/** All options of a menu, those in groups too. */
export function optionsIn(element: Json): readonly Option[] {
  const options = [
    ...listIn(element['options']),
    ...listIn(element['option_groups']).flatMap((group) => listIn(group['options'])),
  ];
  return options.map((each) => ({
    text: wordsIn(each['text']),
    value: textIn(each['value']),
    about: wordsIn(each['description']),
  }));
}

/** A card's elements that can be pressed, with the block that each is in. */
export function buttonsIn(blocks: readonly Json[]): readonly { blockId: string; element: Json }[] {
  return blocks.flatMap((block) =>
    [...listIn(block['elements']), ...[block['accessory']].filter(isJson)]
      .filter((element) => typeof element['action_id'] === 'string')
      .map((element) => ({ blockId: textIn(block['block_id']), element })),
  );
}
