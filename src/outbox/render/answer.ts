/** Answers to what somebody typed or pressed, for them alone. */
import type { KnownBlock } from '@slack/types';
import { actionId, type GeneralAction } from '../../domain/actions.ts';
import { helpLines } from '../../domain/command-verbs.ts';
import type { Answer, ListItem, TimelineLine } from '../../domain/effects.ts';
import { isOpen } from '../../domain/request.ts';
import { DELETED_WORDS, stateWord } from '../../domain/wording.ts';
import { actions, context, divider, fields, section } from '../../slack/blocks.ts';
import { button } from '../../slack/elements.ts';
import { join, lines, link, type Mrkdwn, mrkdwn, person } from '../../slack/inline.ts';
import { quote } from '../../slack/rich-text.ts';
import {
  type AnswerContext,
  called,
  type Message,
  message,
  messageUrl,
  name,
  oneLine,
  readable,
} from './context.ts';
import { ours } from './ours.ts';
import { ago, did, emoji, moment, number } from './pieces.ts';
import { makeNew } from './to-asker.ts';

/** What of a request's text answers show; null: deleted by its author. */
export interface ShownText {
  readonly title: string | null;
  readonly text: string | null;
  readonly unshownText: string | null;
}

/** The numbers of the requests whose texts an answer shows. */
export function shownIn(answer: Answer): readonly number[] {
  switch (answer.kind) {
    case 'list':
      return answer.items.map(({ id }) => id);
    case 'status':
      return answer.mine.map(({ id }) => id);
    case 'show':
      return [answer.item.id];
    case 'pressed':
    case 'text':
    case 'refusal':
    case 'help':
    case 'duty':
    case 'merged':
      return [];
  }
}

/** Answers are about several requests, whose texts are read when they are given. */
export interface TextsContext extends AnswerContext {
  readonly texts: ReadonlyMap<number, ShownText>;
}

type Of<Kind extends Answer['kind']> = Extract<Answer, { kind: Kind }>;

const ITEMS_SHOWN = 20;
const LINES_SHOWN = 20;

/**
 * @param key the first block's id; only where the answer is an ordinary post, as in the DM with the bot
 */
export function renderAnswer(answer: Answer, ctx: TextsContext, key?: string): Message {
  switch (answer.kind) {
    case 'text':
    case 'refusal': {
      const text = ours(answer.text, ctx);
      return message(text, [section(text)], key);
    }
    case 'help':
      return help(answer, ctx, key);
    case 'list':
      return list(answer, ctx, key);
    case 'show':
      return show(answer, ctx, key);
    case 'status':
      return status(answer, ctx, key);
    case 'duty':
      return duty(answer, ctx, key);
    case 'pressed':
      return pressed(answer, ctx, key);
    case 'merged':
      return message(
        mrkdwn`Added to #${answer.id}.`,
        [section(mrkdwn`Added to ${number(answer.id)}.`), actions(makeNew(answer.channel, answer.ts))],
        key,
      );
  }
}

function pressed({ id, by, what }: Of<'pressed'>, ctx: AnswerContext, key?: string): Message {
  const done = (of: Mrkdwn): Mrkdwn => mrkdwn`${name(by, ctx)} ${did(what, of, ctx)}.`;
  return message(done(mrkdwn`#${id}`), [context(done(number(id)))], key);
}

function help({ lead }: Of<'help'>, ctx: AnswerContext, key?: string): Message {
  const bot = person(ctx.botUserId);
  const intro = mrkdwn`To ask: write me a DM, mention ${bot} in a channel, or put 🎫 on a message. 👀 takes a request, ✅ resolves it. The same by \`/triage\`, by mention, or in a DM with me:`;
  const verbs = helpLines();
  const half = Math.ceil(verbs.length / 2);
  return message(
    lead === null ? mrkdwn`What you can do with TrIAge` : ours(lead, ctx),
    [
      lead === null ? null : section(ours(lead, ctx)),
      section(intro),
      section({ mrkdwn: verbs.slice(0, half).join('\n') }),
      section({ mrkdwn: verbs.slice(half).join('\n') }),
      actions(
        general('New request', 'new'),
        general('List', 'list'),
        general('Status', 'status'),
        general('Who is on duty?', 'duty'),
      ),
    ],
    key,
  );
}

/** A button that is about no request. */
function general(text: string, action: GeneralAction, value?: string): ReturnType<typeof button> {
  return button({ text, actionId: actionId(action), ...(value === undefined ? {} : { value }) });
}

function list({ heading, items, more }: Of<'list'>, ctx: TextsContext, key?: string): Message {
  const shown = itemsThatFit(items, ctx);
  const left = more + items.length - shown.length;
  const head = mrkdwn`${called(heading)}`;
  if (shown.length === 0) {
    const text = mrkdwn`${head}: none. \`new TEXT\` makes a request; \`list queue NAME\` shows another list.`;
    return message(mrkdwn`${head}: none.`, [section(text)], key);
  }
  return message(
    mrkdwn`${head}: ${shown.length + left}`,
    [
      section(mrkdwn`*${head}*`),
      ...shown.map((item) => section(item)),
      left > 0 ? context(mrkdwn`+${left} more`) : null,
    ],
    key,
  );
}

/** Slack refuses a message of more than about 12,000 characters, whatever they are (see `CARRIED_LENGTH`). */
function itemsThatFit(items: readonly ListItem[], ctx: TextsContext): readonly Mrkdwn[] {
  const shown: Mrkdwn[] = [];
  let room = 7500;
  for (const item of items.slice(0, ITEMS_SHOWN)) {
    const text = itemLines(item, ctx);
    room -= text.mrkdwn.length;
    if (room < 0) break;
    shown.push(text);
  }
  return shown;
}

function itemLines(item: ListItem, ctx: TextsContext): Mrkdwn {
  const what = mrkdwn`${emoji(item.priority)} ${number(item.id)} · ${titleWords(item, ctx)}`;
  const owner = item.owner === null ? [] : [name(item.owner, ctx)];
  const asked = mrkdwn`asked by ${name(item.asker, ctx)} ${ago(item.openedAt)}`;
  return lines(
    what,
    join([mrkdwn`${stateWord(item.state)}`, ...owner, asked, ...due(item, ctx), ...open(item, ctx)]),
  );
}

function open({ link: to }: ListItem, ctx: AnswerContext): readonly Mrkdwn[] {
  return to === null ? [] : [link(messageUrl(ctx.teamUrl, to), 'Open')];
}

function titleWords({ id }: Pick<ListItem, 'id'>, ctx: TextsContext): string {
  const title = ctx.texts.get(id)?.title ?? null;
  return title === null ? DELETED_WORDS : oneLine(title, 120, ctx) || '(no text)';
}

function due({ state, dueAt }: ListItem, ctx: AnswerContext): readonly Mrkdwn[] {
  if (dueAt === null || !isOpen(state)) return [];
  return [dueAt < ctx.now ? mrkdwn`🔴 was due ${ago(dueAt)}` : mrkdwn`🟨 due ${moment(dueAt)}`];
}

function show(
  { item, isUnshown, queue, timeline, links }: Of<'show'>,
  ctx: TextsContext,
  key?: string,
): Message {
  const earlier = timeline.length - LINES_SHOWN;
  const { text = null, unshownText = null } = ctx.texts.get(item.id) ?? {};
  const words = isUnshown ? (unshownText ?? text) : text;
  const history = timeline.slice(-LINES_SHOWN).map((line) => historyLine(line, ctx));
  return message(
    mrkdwn`#${item.id} · ${titleWords(item, ctx)}`,
    [
      section(mrkdwn`${emoji(item.priority)} ${number(item.id)} · *${titleWords(item, ctx)}*`),
      context(
        join([
          mrkdwn`${name(item.asker, ctx)}`,
          mrkdwn`queue “${called(queue)}”`,
          mrkdwn`opened ${ago(item.openedAt)}`,
          ...open(item, ctx),
        ]),
        ...links.map(({ label, id }) => mrkdwn`${called(label)} ${number(id)}`),
      ),
      fields([
        mrkdwn`*Status*\n${stateWord(item.state)}`,
        mrkdwn`*Owner*\n${item.owner === null ? 'nobody' : name(item.owner, ctx)}`,
        mrkdwn`*Priority*\n${emoji(item.priority)} ${item.priority}`,
        ...due(item, ctx).map((when) => mrkdwn`*Due*\n${when}`),
      ]),
      words === null ? null : quote(readable(words, ctx), 3000),
      ...historyBlocks(history, earlier),
    ],
    key,
  );
}

function historyBlocks(history: readonly Mrkdwn[], earlier: number): readonly (KnownBlock | null)[] {
  if (history.length === 0) return [];
  const half = Math.ceil(history.length / 2);
  const rest = history.slice(half);
  return [
    divider(),
    earlier > 0 ? context(mrkdwn`${earlier} earlier lines are not shown.`) : null,
    context(lines(...history.slice(0, half))),
    rest.length === 0 ? null : context(lines(...rest)),
  ];
}

function historyLine({ at, actor, what }: TimelineLine, ctx: AnswerContext): Mrkdwn {
  if (actor === null) return mrkdwn`${moment(at)} · ${oneLine(what, 80, ctx)}`;
  return mrkdwn`${moment(at)} · ${name(actor, ctx)} ${did(what, mrkdwn`it`, ctx)}`;
}

function status({ mine, queues }: Of<'status'>, ctx: TextsContext, key?: string): Message {
  const shown = itemsThatFit(mine, ctx);
  const left = mine.length - shown.length;
  const none = mrkdwn`You have no open requests.`;
  return message(
    mine.length === 0 ? none : mrkdwn`Your requests: ${mine.length}`,
    [
      section(mine.length === 0 ? none : mrkdwn`*Your requests*`),
      ...shown.map((item) => section(item)),
      left > 0 ? context(mrkdwn`+${left} more: \`list mine\``) : null,
      ...(queues.length === 0 ? [] : [divider(), section(lines(...queues.slice(0, 20).map(queueLine)))]),
    ],
    key,
  );
}

function queueLine(queue: Of<'status'>['queues'][number]): Mrkdwn {
  const late = queue.overdue > 0 ? `🔴 ${queue.overdue} overdue` : 'none overdue';
  return mrkdwn`*${called(queue.name)}*: ${queue.open} open, ${queue.unowned} without owner, ${late}`;
}

function duty({ queues }: Of<'duty'>, ctx: AnswerContext, key?: string): Message {
  const shown = queues.slice(0, 20).flatMap((queue, place) => [
    section(dutyLine(queue, ctx)),
    // A button's id must be the only one of its kind in its block.
    place < CHANGES_SHOWN ? actions(general(`Change ${called(queue.name)}…`, 'set_duty', queue.name)) : null,
  ]);
  return message(
    mrkdwn`Who is on duty`,
    shown.length === 0 ? [section(mrkdwn`No queue of yours.`)] : shown,
    key,
  );
}

const CHANGES_SHOWN = 5;

function dutyLine({ name: queue, user, untilAt }: Of<'duty'>['queues'][number], ctx: AnswerContext): Mrkdwn {
  const until = untilAt === null ? mrkdwn`` : mrkdwn` until ${moment(untilAt)}`;
  return user === null
    ? mrkdwn`*${called(queue)}*: nobody is on duty`
    : mrkdwn`*${called(queue)}*: ${name(user, ctx)}${until}`;
}
