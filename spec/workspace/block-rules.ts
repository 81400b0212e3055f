import { asText, isJson, type Json } from './wire.ts';

/** What is wrong, each with the place, as Slack names it in `response_metadata.messages`. */
export class Problems {
  readonly list: string[] = [];

  add(path: string, what: string): void {
    this.list.push(`[ERROR] ${what} [json-pointer:${path}]`);
  }
}

/** Checks one value and notes what is wrong with it. */
export type Rule = (value: unknown, path: string, problems: Problems) => void;

export interface Shape {
  readonly required?: Readonly<Record<string, Rule>>;
  readonly optional?: Readonly<Record<string, Rule>>;
  /** Rules over several fields. */
  readonly also?: (node: Json, path: string, problems: Problems) => void;
}

/** An object with exactly these fields: Slack refuses a field that it does not know. */
export function object(shape: Shape): Rule {
  return (value, path, problems) => {
    if (!isJson(value)) {
      problems.add(path, 'must be an object');
      return;
    }
    for (const [name, rule] of Object.entries(shape.required ?? {})) {
      if (value[name] === undefined) problems.add(path, `missing required field: ${name}`);
      else rule(value[name], `${path}/${name}`, problems);
    }
    for (const [name, field] of Object.entries(value)) {
      if (name === 'type' || field === undefined || shape.required?.[name]) continue;
      const rule = shape.optional?.[name];
      if (rule) rule(field, `${path}/${name}`, problems);
      else problems.add(path, `invalid additional property: ${name}`);
    }
    shape.also?.(value, path, problems);
  };
}

/** One of several shapes, by `type`. */
export function oneOfTypes(shapes: Readonly<Record<string, Shape>>, allowed: readonly string[]): Rule {
  return (value, path, problems) => {
    const type = isJson(value) ? asText(value['type']) : '';
    const shape = Object.hasOwn(shapes, type) ? shapes[type] : undefined;
    if (!shape || !allowed.includes(type)) problems.add(`${path}/type`, `unsupported type: ${type}`);
    else object(shape)(value, path, problems);
  };
}

/** Text of so many characters. */
export function chars(max: number, min = 1): Rule {
  return (value, path, problems) => {
    if (typeof value !== 'string') problems.add(path, 'must be a string');
    else if (value.length < min) problems.add(path, `must be more than ${min - 1} characters`);
    else if (value.length > max) problems.add(path, `must be less than ${max + 1} characters`);
  };
}

export function pattern(regex: RegExp): Rule {
  return (value, path, problems) => {
    if (typeof value !== 'string' || !regex.test(value)) problems.add(path, `must match ${regex.source}`);
  };
}

export function oneOf(...allowed: readonly unknown[]): Rule {
  return (value, path, problems) => {
    if (!allowed.includes(value)) problems.add(path, `must be one of: ${allowed.map(asText).join(', ')}`);
  };
}

export const flag: Rule = oneOf(true, false);

export function integer(min: number, max: number): Rule {
  return (value, path, problems) => {
    if (!Number.isInteger(value)) problems.add(path, 'must be an integer');
    else if (Number(value) < min || Number(value) > max)
      problems.add(path, `must be between ${min} and ${max}`);
  };
}

export function list(rule: Rule, min: number, max: number): Rule {
  return (value, path, problems) => {
    if (!Array.isArray(value)) {
      problems.add(path, 'must be an array');
      return;
    }
    if (value.length < min) problems.add(path, `must have at least ${min} items`);
    if (value.length > max) problems.add(path, `no more than ${max} items allowed`);
    value.forEach((each, index) => rule(each, `${path}/${index}`, problems));
  };
}

const plainShape = (max: number): Shape => ({ required: { text: chars(max) }, optional: { emoji: flag } });
const mrkdwnShape = (max: number): Shape => ({
  required: { text: chars(max) },
  optional: { verbatim: flag },
});

/** A `plain_text` object. */
export function plain(max: number): Rule {
  return oneOfTypes({ plain_text: plainShape(max) }, ['plain_text']);
}

/** A text object of either kind. */
export function text(max: number): Rule {
  return oneOfTypes({ plain_text: plainShape(max), mrkdwn: mrkdwnShape(max) }, ['plain_text', 'mrkdwn']);
}
