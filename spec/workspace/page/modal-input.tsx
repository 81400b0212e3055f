/** One input of a modal, with its label, hint, count and error. */
import { type ReactNode, useId, useState } from 'react';
import type { Json } from '../wire.ts';
import { withEmoji } from './emoji.ts';
import type { Value } from './modal-values.ts';
import { dayKey, momentIn, timeOf } from './moments.ts';
import { PersonOptions } from './person-options.tsx';
import { isJson, optionsIn, textIn, wordsIn } from './shapes.ts';
import { useAround } from './show.tsx';

interface InputProps {
  readonly block: Json;
  readonly value: Value;
  readonly error: string | null;
  readonly change: (value: Value) => void;
}

interface FieldProps {
  readonly element: Json;
  readonly value: string;
  readonly all: Value;
  readonly change: (value: Value) => void;
  /** Id, description and validity, for the control itself. */
  readonly own: {
    readonly id: string;
    readonly 'aria-describedby': string;
    readonly 'aria-invalid': boolean;
    readonly 'aria-required': boolean;
  };
  readonly label: string;
}

const GROUPS = new Set(['checkboxes', 'radio_buttons', 'datetimepicker']);
/** Counted from here on before the end. */
const COUNTED = 200;

export function ModalInput({ block, value, error, change }: InputProps) {
  const id = useId();
  const element = isJson(block['element']) ? block['element'] : {};
  const label = withEmoji(wordsIn(block['label']));
  const hint = wordsIn(block['hint']);
  const isOptional = block['optional'] === true;
  const single = typeof value === 'string' ? value : '';
  const most = Number(element['max_length'] ?? 0);
  const isGroup = GROUPS.has(textIn(element['type']));
  const labelled: ReactNode = (
    <>
      {label}
      {isOptional && <span className="subtle"> (optional)</span>}
    </>
  );
  const field = (
    <Field
      element={element}
      value={single}
      all={value}
      change={change}
      label={label}
      own={{
        id,
        'aria-describedby': `${id}-about`,
        'aria-invalid': error !== null,
        'aria-required': !isOptional,
      }}
    />
  );
  return (
    <div className={error === null ? 'input' : 'input input-wrong'}>
      {isGroup ? (
        <fieldset className="input-group" aria-describedby={`${id}-about`}>
          <legend className="input-label">{labelled}</legend>
          {field}
        </fieldset>
      ) : (
        <>
          <label className="input-label" htmlFor={id}>
            {labelled}
          </label>
          {field}
        </>
      )}
      <div id={`${id}-about`} className="input-about">
        {error !== null && (
          <p className="input-error" role="alert">
            {error}
          </p>
        )}
        {hint !== '' && <p className="subtle">{withEmoji(hint)}</p>}
      </div>
      {most > 0 && single.length > most - COUNTED && (
        <p className={single.length > most ? 'input-count input-over' : 'input-count'}>
          {most - single.length}
        </p>
      )}
    </div>
  );
}

function Field({ element, value, all, change, own, label }: FieldProps): ReactNode {
  const placeholder = wordsIn(element['placeholder']);
  switch (element['type']) {
    case 'plain_text_input':
      return element['multiline'] === true ? (
        <textarea
          {...own}
          className="control"
          rows={5}
          placeholder={placeholder}
          value={value}
          onChange={(event) => change(event.target.value)}
        />
      ) : (
        <TextField type="text" own={own} value={value} change={change} placeholder={placeholder} />
      );
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
      return <TextField type="text" own={own} value={value} change={change} placeholder={placeholder} />;
    case 'datepicker':
      return <TextField type="date" own={own} value={value} change={change} placeholder="" />;
    case 'timepicker':
      return <TextField type="time" own={own} value={value} change={change} placeholder="" />;
    case 'datetimepicker':
      return <DateTime own={own} value={value} change={change} label={label} />;
    case 'static_select':
    case 'external_select':
    case 'users_select':
      return (
        <select
          {...own}
          className="control"
          value={value}
          onChange={(event) => change(event.target.value || null)}
        >
          <option value="">{placeholder || 'Choose…'}</option>
          {element['type'] === 'users_select' ? (
            <PersonOptions />
          ) : (
            optionsIn(element).map((option) => (
              <option key={option.value} value={option.value}>
                {withEmoji(option.text)}
              </option>
            ))
          )}
        </select>
      );
    case 'checkboxes':
    case 'radio_buttons':
      return <Boxes element={element} all={all} change={change} own={own} />;
    default:
      return <p className="subtle">[{textIn(element['type'])}]</p>;
  }
}

interface TextFieldProps extends Pick<FieldProps, 'own' | 'value' | 'change'> {
  readonly type: string;
  readonly placeholder: string;
}

function TextField({ type, own, value, change, placeholder }: TextFieldProps) {
  return (
    <input
      {...own}
      className="control"
      type={type}
      placeholder={placeholder}
      value={value}
      onChange={(event) => change(event.target.value === '' ? null : event.target.value)}
    />
  );
}

/** Two of the browser's own fields; the value is epoch seconds, meant in the person's zone. */
function DateTime({ own, value, change, label }: Pick<FieldProps, 'own' | 'value' | 'change' | 'label'>) {
  const { tz } = useAround().me;
  const initial = value === '' ? null : Number(value) * 1000;
  const [day, setDay] = useState(initial === null ? '' : dayKey(initial, tz));
  const [time, setTime] = useState(initial === null ? '' : timeOf(initial, tz));
  const picked = (nextDay: string, nextTime: string): void => {
    setDay(nextDay);
    setTime(nextTime);
    const at = momentIn(nextDay, nextTime, tz);
    change(at === null ? null : String(at / 1000));
  };
  return (
    <div className="two">
      <input
        {...own}
        className="control"
        type="date"
        aria-label={`${label}: day`}
        value={day}
        onChange={(event) => picked(event.target.value, time)}
      />
      <input
        className="control"
        type="time"
        aria-label={`${label}: time`}
        aria-invalid={own['aria-invalid']}
        value={time}
        onChange={(event) => picked(day, event.target.value)}
      />
    </div>
  );
}

function Boxes({ element, all, change, own }: Pick<FieldProps, 'element' | 'all' | 'change' | 'own'>) {
  const isMany = element['type'] === 'checkboxes';
  const chosen = typeof all === 'string' ? [all] : (all ?? []);
  const toggle = (option: string): void => {
    if (!isMany) change(option);
    else change(chosen.includes(option) ? chosen.filter((each) => each !== option) : [...chosen, option]);
  };
  return optionsIn(element).map(({ text, value, about }) => (
    <label key={value} className="box">
      <input
        type={isMany ? 'checkbox' : 'radio'}
        name={own.id}
        checked={chosen.includes(value)}
        aria-invalid={own['aria-invalid']}
        onChange={() => toggle(value)}
      />
      <span>
        {withEmoji(text)}
        {about !== '' && <span className="subtle"> {about}</span>}
      </span>
    </label>
  ));
}
