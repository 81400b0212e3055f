/** What the daemon has stored and what the bot has said, for specs that drive the whole daemon. */
import type { Request, State } from '../../src/domain/request.ts';
import { readRequest } from '../../src/store/requests.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Message, Where } from '../workspace/wire.ts';
import type { RunningApp } from './running-app.ts';
import { waitFor } from './wait-for.ts';

/** One request as it is stored now. */
export async function stored(running: RunningApp, id: number): Promise<Request> {
  const found = await readRequest(running.database.pool, id);
  if (found === null) throw new Error(`there is no request ${id}`);
  return found.request;
}

/** The request of a card. */
export function requestOf(running: RunningApp, card: Message): Promise<Request> {
  return stored(running, running.numberOf(card));
}

/** Every request whose text has these words, the oldest first. */
export async function requestsWith(running: RunningApp, words: string): Promise<readonly Request[]> {
  const { rows } = await running.database.pool.query<{ id: number }>(
    'select id from requests where position($1 in body) > 0 order by id',
    [words],
  );
  return Promise.all(rows.map(({ id }) => stored(running, id)));
}

/** Waits until a request is in this state, and gives it. */
export function inState(running: RunningApp, card: Message, state: State): Promise<Request> {
  return waitFor(
    async () => {
      const request = await requestOf(running, card);
      return request.state === state ? request : null;
    },
    `#${running.numberOf(card)} to be ${state}`,
  );
}

/** The cards whose text has these words. */
export function cardsWith(running: RunningApp, words: string): readonly Message[] {
  return running.cards().filter((card) => textOf(card).includes(words));
}

/** What stands in a thread beneath its first message, as people read it; `by` the bot unless somebody is named. */
export function said(
  running: RunningApp,
  where: Where,
  ts: string,
  by: string = running.slack.botUserId,
): readonly string[] {
  return running.slack
    .thread(where, ts)
    .filter((message) => message.ts !== ts && message.user === by)
    .map((message) => textOf(message));
}

/** Waits until the bot has said these words in a thread, and gives the whole message. */
export function hears(running: RunningApp, where: Where, ts: string, words: string): Promise<Message> {
  return running.slack.waitFor(
    () =>
      running.slack
        .thread(where, ts)
        .find(
          (message) =>
            message.ts !== ts && message.user === running.slack.botUserId && textOf(message).includes(words),
        ),
    `the bot to say "${words}" in a thread`,
  );
}

/** Lets a request look as if it had been in its state for that much longer. */
export async function age(running: RunningApp, id: number, ms: number): Promise<void> {
  await running.database.pool.query(
    `update requests set state_since = state_since - $2 * interval '1 ms',
       exit = case when exit is null then null else jsonb_set(exit, '{at}', to_jsonb((exit->>'at')::bigint - $2)) end
     where id = $1`,
    [id, ms],
  );
}
