/** Modals and their inputs, inside Slack's limits by construction. */
import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import { plainText } from './block-text.ts';
import { clamp } from './clamp.ts';
import {
  own,
  type PeopleSpec,
  placeholderOf,
  type SelectSpec,
  staticSelect,
  usersSelect,
} from './elements.ts';
import { LIMITS } from './limits.ts';

interface InputSpec {
  /** Also the block's id, so that errors of a submission can name the input by it. */
  readonly actionId: string;
  readonly label: string;
  readonly hint?: string;
  readonly isOptional?: boolean;
}

export interface TextInputSpec extends InputSpec {
  readonly isMultiline?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly placeholder?: string;
  readonly initial?: string;
}

export function textInput(spec: TextInputSpec): InputBlock {
  const max = Math.min(spec.maxLength ?? LIMITS.inputText, LIMITS.inputText);
  const initial = clamp(spec.initial ?? '', max);
  return input(spec, {
    type: 'plain_text_input',
    action_id: spec.actionId,
    multiline: spec.isMultiline ?? false,
    max_length: max,
    ...(spec.minLength === undefined ? {} : { min_length: Math.min(spec.minLength, max) }),
    ...placeholderOf(spec.placeholder),
    ...(initial === '' ? {} : { initial_value: initial }),
  });
}

/** Null without choices. */
export function selectInput(spec: InputSpec & SelectSpec): InputBlock | null {
  const element = staticSelect(spec);
  return element === null ? null : input(spec, element);
}

export function personInput(spec: InputSpec & PeopleSpec): InputBlock {
  return input(spec, usersSelect(spec));
}

/** A day and a time. `initialAt` in epoch ms; the submission holds epoch seconds, read in the person's own zone. */
export function momentInput(spec: InputSpec & { initialAt?: number }): InputBlock {
  return input(spec, {
    type: 'datetimepicker',
    action_id: spec.actionId,
    ...(spec.initialAt === undefined ? {} : { initial_date_time: Math.floor(spec.initialAt / 1000) }),
  });
}

function input(spec: InputSpec, element: InputBlock['element']): InputBlock {
  return {
    type: 'input',
    block_id: own(spec.actionId, LIMITS.actionId),
    label: plainText(spec.label, LIMITS.inputLabel),
    element,
    optional: spec.isOptional ?? false,
    ...(spec.hint === undefined ? {} : { hint: plainText(spec.hint, LIMITS.inputHint) }),
  };
}

export interface ModalSpec {
  readonly callbackId: string;
  readonly title: string;
  /** Absent: a modal that only shows. Given anyway ("OK") where there is an input, since Slack demands it. */
  readonly submit?: string;
  readonly close?: string;
  /** Comes back with the submission. @throws RangeError if it is over 3,000 characters */
  readonly privateMetadata?: string;
  readonly blocks: readonly (KnownBlock | null)[];
}

export function modal(spec: ModalSpec): ModalView {
  const blocks = spec.blocks.filter((block) => block !== null).slice(0, LIMITS.blocksInView);
  const submit = spec.submit ?? (blocks.some((block) => block.type === 'input') ? 'OK' : undefined);
  return {
    type: 'modal',
    callback_id: own(spec.callbackId, LIMITS.callbackId),
    title: plainText(spec.title, LIMITS.viewTitle),
    close: plainText(spec.close ?? 'Cancel', LIMITS.viewButton),
    ...(submit === undefined ? {} : { submit: plainText(submit, LIMITS.viewButton) }),
    ...(spec.privateMetadata === undefined || spec.privateMetadata === ''
      ? {}
      : { private_metadata: own(spec.privateMetadata, LIMITS.privateMetadata) }),
    blocks,
  };
}
