/** One call of the Web API, and all pages of one. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import { TransientError } from '../errors.ts';
import { type CallOutcome, isRefusal, outcomeOf, toSlackError } from './errors.ts';
import { asRecord, type JsonRecord, list, text } from './json.ts';

/** Slack's allowances are counted by the minute. */
const LONGEST_WAIT_SECONDS = 60;
const MOST_WAITS = 3;

/** A guard against a server whose cursors never end. */
const MOST_PAGES = 1000;

/** One of the SDK's clients, and who is told of each of its calls. */
export interface Web {
  readonly client: WebClient;
  readonly called: CallObserver;
}

/** Told, for counting, how each call of a method ended; must not throw. */
export type CallObserver = (method: string, outcome: CallOutcome) => void;

export type Args = Readonly<Record<string, unknown>>;

/** Reads may be repeated at will; a write may have had its effect though no answer came. */
export type Effect = 'read' | 'write';

export async function call(web: Web, effect: Effect, method: string, args: Args = {}): Promise<JsonRecord> {
  try {
    const answer = asRecord(await web.client.apiCall(method, { ...args }));
    web.called(method, 'ok');
    return answer;
  } catch (error) {
    const failure = toSlackError(error, method, effect === 'write');
    web.called(method, outcomeOf(failure));
    throw failure;
  }
}

/**
 * All entries of a paged list.
 * @param turn waited for before each page
 */
export async function callPages(
  web: Web,
  method: string,
  field: string,
  args: Args,
  turn: () => Promise<void> = () => Promise.resolve(),
): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    await turn();
    const answer =
      cursor === null
        ? await call(web, 'read', method, args)
        : await nextPage(web, method, { ...args, cursor });
    found.push(...entries(answer, field, method));
    cursor = text(asRecord(answer.response_metadata).next_cursor);
    if (cursor === null) return found;
  }
  throw new TransientError(`${method}: the pages have no end`);
}

/**
 * The list that an answer is about. Without it the answer is none: taken for an empty one, a post that is looked for
 * would be posted twice, and a channel would have no members.
 */
export function entries(answer: JsonRecord, field: string, method: string): readonly unknown[] {
  if (Array.isArray(answer[field])) return list(answer[field]);
  throw new TransientError(`${method}: the answer has no ${field}`);
}

/** What an answer is about, read; one of which nothing can be read is none, and says nothing of what exists. */
export function readable<T>(found: T | null, method: string): T {
  if (found === null) throw new TransientError(`${method}: the answer cannot be read`);
  return found;
}

/**
 * Waits where Slack asks for it: a list that is longer than a minute's allowance would otherwise begin anew each
 * time and never end.
 */
async function nextPage(web: Web, method: string, args: Args): Promise<JsonRecord> {
  for (let waits = 0; ; waits += 1) {
    try {
      return await call(web, 'read', method, args);
    } catch (error) {
      const seconds = error instanceof TransientError ? error.retryAfterSeconds : undefined;
      if (seconds === undefined || seconds > LONGEST_WAIT_SECONDS || waits >= MOST_WAITS) throw error;
      await sleep(seconds * 1000, undefined, { ref: false });
    }
  }
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
