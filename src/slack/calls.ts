/** One call of the Web API, and all pages of one. */
import type { WebClient } from '@slack/web-api';
import { TransientError } from '../errors.ts';
import { isRefusal, toSlackError } from './errors.ts';
import { asRecord, type JsonRecord, list, text } from './json.ts';

/** A guard against a server whose cursors never end. */
const MOST_PAGES = 1000;

export type Args = Readonly<Record<string, unknown>>;

/** Reads may be repeated at will; a write may have had its effect though no answer came. */
export type Effect = 'read' | 'write';

export async function call(
  web: WebClient,
  effect: Effect,
  method: string,
  args: Args = {},
): Promise<JsonRecord> {
  try {
    return asRecord(await web.apiCall(method, { ...args }));
  } catch (error) {
    throw toSlackError(error, method, effect === 'write');
  }
}

/** All entries of a paged list. */
export async function callPages(
  web: WebClient,
  method: string,
  field: string,
  args: Args,
): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await call(web, 'read', method, cursor === null ? args : { ...args, cursor });
    found.push(...list(answer[field]));
    cursor = text(asRecord(answer.response_metadata).next_cursor);
    if (cursor === null) return found;
  }
  throw new TransientError(`${method}: the pages have no end`);
}

/** Null instead of these refusals, which only say that there is nothing. */
export async function orNull<T>(answer: Promise<T>, ...codes: readonly string[]): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isRefusal(error, ...codes)) return null;
    throw error;
  }
}
