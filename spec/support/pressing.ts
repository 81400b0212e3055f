/** What people do with a request's buttons and forms, and what they then read. */

import { type WebAPICallResult, WebClient } from '@slack/web-api';
import { expect } from 'chai';
import { pressables } from '../workspace/elements.ts';
import { quiet } from '../workspace/small-app.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Ephemeral, Json, Message, View, Who } from '../workspace/wire.ts';
import type { RunningApp } from './running-app.ts';

/** A request with its card: `ts` is its message in `channel`. */
export interface Asked {
  readonly id: number;
  readonly channel: string;
  readonly ts: string;
  readonly card: { readonly channel: string; readonly ts: string };
}

/** uli asks in #help-it; resolves when the card and the reply are there. */
export async function ask(running: RunningApp, words: string): Promise<Asked> {
  const { slack, team } = running;
  return becomes(running, team.help.id, slack.say(team.uli, team.help, words), words);
}

/** Somebody asks by DM. */
export async function askByDm(running: RunningApp, who: Who, words: string): Promise<Asked> {
  const { slack } = running;
  return becomes(running, slack.dmOf(who), slack.dm(who, words), words);
}

async function becomes(running: RunningApp, channel: string, ts: string, words: string): Promise<Asked> {
  const card = await running.cardOf(words);
  await replyTo(running, { channel, ts });
  return {
    id: running.numberOf(card),
    channel,
    ts,
    card: { channel: running.team.triage.id, ts: card.ts },
  };
}

/** The one reply of ours under a message. */
export async function replyTo(
  running: RunningApp,
  { channel, ts }: Pick<Asked, 'channel' | 'ts'>,
): Promise<{ readonly channel: string; readonly ts: string }> {
  const { slack } = running;
  const reply = await slack.waitFor(
    () => slack.thread(channel, ts).find(({ user }) => user === slack.botUserId),
    'a reply under the message',
  );
  return { channel, ts: reply.ts };
}

/** Somebody presses a button of that reply, once it is there. */
export async function pressReply(running: RunningApp, who: Who, asked: Asked, pick: string): Promise<void> {
  const { slack } = running;
  const reply = await replyTo(running, asked);
  await slack.waitFor(() => offered(messageAt(running, reply)).includes(pick), `the button ${pick}`);
  await slack.press(who, reply, pick);
}

export function messageAt(running: RunningApp, ref: { channel: string; ts: string }): Message {
  const found = running.slack.world.channel(ref.channel).byTs.get(ref.ts);
  if (found === undefined) throw new Error(`there is no message ${ref.ts}`);
  return found;
}

/** What can be pressed on a message or in a form, as it reads. */
export function offered(shown: { readonly blocks?: readonly Json[] }): readonly string[] {
  return pressables(shown.blocks ?? []).map(({ text }) => text);
}

/** Waits until a message shows all these words and offers these buttons. */
export function reads(
  running: RunningApp,
  ref: { channel: string; ts: string },
  ...words: readonly string[]
): Promise<unknown> {
  return running.slack.waitFor(
    () => words.every((word) => textOf(messageAt(running, ref)).includes(word)),
    `a message that reads ${words.join(', ')}`,
  );
}

/** Waits until the request's card shows this state, and this owner if one is given. */
export function stands(
  running: RunningApp,
  { card }: Pick<Asked, 'card'>,
  state: string,
  owner?: string,
): Promise<unknown> {
  const words = [`*Status*\n${state} `, ...(owner === undefined ? [] : [`*Owner*\n${owner} `])];
  return reads(running, card, ...words);
}

/** Waits until somebody is told this for their eyes only. */
export function isTold(running: RunningApp, who: Who, words: string): Promise<Ephemeral> {
  const { slack } = running;
  return slack.waitFor(
    () => slack.ephemerals(who).find((one) => textOf(one).includes(words)),
    `somebody to be told: ${words}`,
  );
}

/** Waits for a message of ours in somebody's DM that has these words. */
export async function isSent(
  running: RunningApp,
  who: Who,
  ...words: readonly string[]
): Promise<{ readonly channel: string; readonly ts: string }> {
  const { slack } = running;
  const channel = slack.dmOf(who);
  const found = await slack.waitFor(
    () =>
      slack
        .messages(channel)
        .find((one) => one.user === slack.botUserId && words.every((word) => textOf(one).includes(word))),
    `a DM that says ${words.join(', ')}`,
  );
  return { channel, ts: found.ts };
}

/** Waits until somebody has a form of this title on top. */
export function opened(running: RunningApp, who: Who, title: string): Promise<View> {
  const { slack } = running;
  return slack.waitFor(
    () => slack.views(who).findLast(({ body }) => textOf({ text: '', blocks: [body['title']] }) === title),
    `the form "${title}"`,
  );
}

/** A moment that a picker gives: seconds since 1970, so far from now. */
export function inHours(hours: number): string {
  return String(Math.floor(Date.now() / 1000 + hours * 3600));
}

/** A message with these buttons that another version of the app has left behind. */
export async function leftBehind(
  running: RunningApp,
  channel: string,
  ...buttons: readonly { readonly actionId: string; readonly value: string }[]
): Promise<{ readonly channel: string; readonly ts: string }> {
  const elements = buttons.map(({ actionId, value }) => ({
    type: 'button' as const,
    text: { type: 'plain_text' as const, text: actionId },
    action_id: actionId,
    value,
  }));
  const blocks = [{ type: 'actions' as const, elements }];
  const answer = await webOf(running).apiCall('chat.postMessage', { channel, text: 'from before', blocks });
  return { channel, ts: (answer as WebAPICallResult & { readonly ts: string }).ts };
}

/** A message as somebody still has it on their screen when its buttons are gone: they can be pressed there. */
export async function asItWas(
  running: RunningApp,
  ref: { readonly channel: string; readonly ts: string },
): Promise<{ readonly channel: string; readonly ts: string }> {
  const { blocks = [], thread_ts: thread } = messageAt(running, ref);
  const copied = blocks.map((block) => ({ ...block, block_id: undefined }));
  const answer = await webOf(running).apiCall('chat.postMessage', {
    channel: ref.channel,
    text: 'as it was',
    blocks: copied,
    ...(thread === undefined ? {} : { thread_ts: thread }),
  });
  return { channel: ref.channel, ts: (answer as WebAPICallResult & { readonly ts: string }).ts };
}

/** What another version of the app would call. */
function webOf({ slack }: RunningApp): WebClient {
  return new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, logger: quiet });
}

/** Somebody has a form open that another version of the app has opened for them. */
export async function openOlder(
  running: RunningApp,
  who: Who,
  callbackId: string,
  metadata: string,
  inputs: Readonly<Record<string, Json>>,
): Promise<void> {
  const { slack } = running;
  // The answer to this command uses no trigger.
  const { triggerId } = await slack.slash(who, slack.dmOf(who), '/triage', 'help');
  const blocks = Object.entries(inputs).map(([name, element]) => ({
    type: 'input',
    block_id: name,
    label: { type: 'plain_text', text: name },
    element: { ...element, action_id: name },
  }));
  const view = {
    type: 'modal',
    callback_id: callbackId,
    private_metadata: metadata,
    title: { type: 'plain_text', text: 'From before' },
    submit: { type: 'plain_text', text: 'Go' },
    blocks,
  };
  await webOf(running).apiCall('views.open', { trigger_id: triggerId, view });
}

/**
 * Somebody presses a button that does nothing in this version. It stands in a message that another version has left in
 * their DM; resolves when it is clear that nothing comes of it.
 */
export async function tellsNothing(
  running: RunningApp,
  who: Who,
  button: { readonly actionId: string; readonly value: string },
): Promise<void> {
  const { slack } = running;
  const left = await leftBehind(running, slack.dmOf(who), button);
  await running.settled();
  const before = slack.visibleTo(who).length;
  const views = slack.views(who).length;
  await slack.press(who, left, button.actionId);
  await running.settled();
  expect(slack.visibleTo(who)).to.have.length(before);
  expect(slack.views(who)).to.have.length(views);
}

/** Opens a request's form by a button in #triage-it, whatever the request's card offers now. */
export async function openForm(
  running: RunningApp,
  who: Who,
  { id }: Pick<Asked, 'id'>,
  action: string,
  title: string,
): Promise<View> {
  const actionId = `triage.${action}`;
  const left = await leftBehind(running, running.team.triage.id, { actionId, value: String(id) });
  await running.slack.press(who, left, actionId);
  return opened(running, who, `${title} #${id}`);
}

/** Nobody but whoever asked sees these words. */
export function expectUnseen({ slack, team }: RunningApp, words: string): void {
  for (const who of [team.ana, team.ben, team.lea, team.zoe])
    expect(slack.sees(who, words), `${who.name} sees it`).to.equal(false);
}
