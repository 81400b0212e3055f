/** What a modal's inputs hold, as the server wants them: by block id. */
import type { ViewSeen } from '../face/wire.ts';
import type { Json } from '../wire.ts';
import { isJson, listIn, textIn } from './shapes.ts';

export type Value = string | readonly string[] | null;

/** What was chosen so far, or what the app put there. */
export function initialValues(view: ViewSeen): Readonly<Record<string, Value>> {
  const values: Record<string, Value> = {};
  for (const block of view.body.blocks) {
    const { element } = block;
    if (block['type'] !== 'input' || !isJson(element)) continue;
    const blockId = textIn(block['block_id']);
    const chosen = view.values[blockId]?.[textIn(element['action_id'])];
    values[blockId] = chosen === undefined ? initialOf(element) : chosenIn(chosen);
  }
  return values;
}

function initialOf(element: Json): Value {
  const many = element['initial_options'];
  if (Array.isArray(many)) return listIn(many).map((each) => textIn(each['value']));
  const option = element['initial_option'];
  if (isJson(option)) return textIn(option['value']);
  for (const name of ['initial_value', 'initial_user', 'initial_date', 'initial_time', 'initial_date_time']) {
    const value = element[name];
    if (typeof value === 'string' || typeof value === 'number') return String(value);
  }
  return null;
}

function chosenIn(state: Json): Value {
  const many = state['selected_options'];
  if (Array.isArray(many)) return listIn(many).map((each) => textIn(each['value']));
  const option = state['selected_option'];
  if (isJson(option)) return textIn(option['value']);
  for (const name of ['value', 'selected_user', 'selected_date', 'selected_time', 'selected_date_time']) {
    const value = state[name];
    if (typeof value === 'string' || typeof value === 'number') return String(value);
  }
  return null;
}
