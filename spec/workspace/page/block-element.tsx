/** What can be pressed or chosen in blocks; accessible elements of the browser's own. */
import { useState } from 'react';
import type { Json } from '../wire.ts';
import { withEmoji } from './emoji.ts';
import { MoreIcon } from './icons.tsx';
import { Menu } from './menu.tsx';
import { parsePermalink } from './permalink.ts';
import { PersonOptions } from './person-options.tsx';
import { isJson, optionsIn, textIn, wordsIn } from './shapes.ts';
import { type Question, useAround } from './show.tsx';

/** What becomes of it: in a message, or in a view. Each resolves when the app has answered. */
export interface Pressing {
  press(blockId: string, actionId: string, option?: string): Promise<unknown>;
  choose(blockId: string, actionId: string, value: string): Promise<unknown>;
}

interface ElementProps {
  readonly element: Json;
  readonly blockId: string;
  readonly pressing: Pressing;
}

export function BlockElement(props: ElementProps) {
  const { kind } = useAround();
  const drawn = <Drawn {...props} />;
  if (kind !== 'export') return drawn;
  return (
    <fieldset className="still" disabled title="An export can be read, not written to">
      {drawn}
    </fieldset>
  );
}

function Drawn(props: ElementProps) {
  const { element } = props;
  switch (element['type']) {
    case 'button':
      return <BlockButton {...props} />;
    case 'overflow':
      return <Overflow {...props} />;
    case 'static_select':
    case 'users_select':
    case 'datepicker':
    case 'timepicker':
    case 'radio_buttons':
      return <Chooser {...props} />;
    default:
      return <span className="subtle">[{textIn(element['type'])}]</span>;
  }
}

function questionOf(element: Json): Question | null {
  const { confirm } = element;
  if (!isJson(confirm)) return null;
  return {
    title: wordsIn(confirm['title']) || 'Are you sure?',
    text: wordsIn(confirm['text']),
    confirm: wordsIn(confirm['confirm']) || 'Yes',
    deny: wordsIn(confirm['deny']) || 'Cancel',
    isDangerous: confirm['style'] === 'danger',
  };
}

/** Asks first where the app wants that; one press at a time. */
function usePress(element: Json): { isBusy: boolean; once: (deed: () => Promise<unknown>) => void } {
  const { confirm } = useAround();
  const [isBusy, setBusy] = useState(false);
  const run = async (deed: () => Promise<unknown>): Promise<void> => {
    const question = questionOf(element);
    if (question !== null && !(await confirm(question))) return;
    setBusy(true);
    try {
      await deed();
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, once: (deed) => void (isBusy ? undefined : run(deed)) };
}

function BlockButton({ element, blockId, pressing }: ElementProps) {
  const { follow } = useAround();
  const { isBusy, once } = usePress(element);
  const url = textIn(element['url']);
  const press = (): void =>
    once(async () => {
      const place = url === '' ? null : parsePermalink(url);
      if (place !== null) follow(place);
      await pressing.press(blockId, textIn(element['action_id']));
    });
  const style = textIn(element['style']);
  const label = textIn(element['accessibility_label']);
  return (
    <button
      type="button"
      className={`button ${style === '' ? '' : `button-${style}`}`}
      aria-busy={isBusy}
      {...(label === '' ? {} : { 'aria-label': label })}
      onClick={press}
    >
      {withEmoji(wordsIn(element['text']))}
    </button>
  );
}

function Overflow({ element, blockId, pressing }: ElementProps) {
  const { once } = usePress(element);
  const actionId = textIn(element['action_id']);
  return (
    <Menu
      label="More actions"
      className="button button-icon"
      face={<MoreIcon />}
      entries={optionsIn(element).map(({ text, value, about }) => ({
        label: withEmoji(text),
        about,
        act: () => once(() => pressing.press(blockId, actionId, value)),
      }))}
    />
  );
}

/** The initial value of whatever it is. */
function initialOf(element: Json): string {
  const option = element['initial_option'];
  if (isJson(option)) return textIn(option['value']);
  return (
    textIn(element['initial_user']) || textIn(element['initial_date']) || textIn(element['initial_time'])
  );
}

function Chooser({ element, blockId, pressing }: ElementProps) {
  const { once, isBusy } = usePress(element);
  const actionId = textIn(element['action_id']);
  const initial = initialOf(element);
  const label = wordsIn(element['placeholder']) || 'Choose';
  const choose = (value: string): void => {
    if (value !== '') once(() => pressing.choose(blockId, actionId, value));
  };
  const common = { className: 'select', 'aria-label': label, 'aria-busy': isBusy };
  switch (element['type']) {
    case 'datepicker':
    case 'timepicker':
      return (
        <input
          {...common}
          type={element['type'] === 'datepicker' ? 'date' : 'time'}
          defaultValue={initial}
          onChange={(event) => choose(event.target.value)}
        />
      );
    default:
      return (
        <select {...common} value={initial} onChange={(event) => choose(event.target.value)}>
          <option value="">{label}</option>
          {element['type'] === 'users_select' ? (
            <PersonOptions />
          ) : (
            optionsIn(element).map(({ text, value }) => (
              <option key={value} value={value}>
                {withEmoji(text)}
              </option>
            ))
          )}
        </select>
      );
  }
}
