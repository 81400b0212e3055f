/** Shows in the terminal what happens in the local Slack: who says what where, and each message as it changes. */
import type { LocalSlack } from '../local-slack.ts';
import type { Channel, Ephemeral, Message } from '../wire.ts';
import { type Line, linesOf } from './lines.ts';

const LOOK_MS = 60;
const isColoured = process.stdout.isTTY;
const MARGIN = ' '.repeat(17);

function paint(code: number, text: string): string {
  return isColoured ? `\u001b[${code}m${text}\u001b[0m` : text;
}

const bold = (text: string): string => paint(1, text);
const dim = (text: string): string => paint(2, text);

export interface Screen {
  title(text: string): void;
  line(text: string): void;
  /** Shows whatever has happened since the last look. */
  look(): void;
  stop(): void;
}

export function createScreen(slack: LocalSlack, print: (line: string) => void): Screen {
  const shown = new Map<string, readonly string[]>();
  let ephemerals = 0;

  function nameOf(id: string | undefined): string {
    const person = id === undefined ? undefined : slack.world.people.get(id);
    return person?.displayName || person?.realName || 'an app';
  }

  function place(channel: Channel, threadTs: string | undefined, ts: string): string {
    const where = channel.isIm ? `DM of ${nameOf(channel.imUser ?? undefined)}` : `#${channel.name}`;
    return dim((threadTs === undefined || threadTs === ts ? where : `${where} ↳`).padEnd(16));
  }

  function printLines(lines: readonly Line[]): void {
    for (const { style, text } of lines)
      print(MARGIN + (style === 'bold' ? bold(text) : style === 'dim' ? dim(text) : text));
  }

  /** A new message whole; of an edited one its first line and what is different. */
  function show(channel: Channel, message: Message): void {
    const key = `${channel.id}:${message.ts}`;
    const lines = linesOf(message, readable);
    const texts = lines.map(({ text }) => text);
    const before = shown.get(key);
    if (before !== undefined && before.join('\n') === texts.join('\n')) return;
    shown.set(key, texts);
    const edited = before === undefined ? '' : dim(' (edited)');
    print(`${place(channel, message.thread_ts, message.ts)} ${bold(nameOf(message.user))}${edited}`);
    printLines(lines.filter(({ text }, at) => at === 0 || before?.includes(text) !== true));
  }

  function showEphemeral(one: Ephemeral): void {
    const channel = slack.world.channel(one.channel);
    const only = dim(`(only ${nameOf(one.user)} sees this)`);
    print(`${place(channel, one.thread_ts, one.ts)} ${bold(nameOf(slack.botUserId))} ${only}`);
    printLines(linesOf(one, readable));
  }

  function readable(text: string): string {
    return text
      .replaceAll(/<@(\w+)(?:\|[^>]*)?>/g, (_, id: string) => `@${nameOf(id)}`)
      .replaceAll(/<!date\^(\d+)\^([^|]*)\|[^>]*>/g, (_, seconds: string, form: string) =>
        moment(Number(seconds) * 1000, form),
      )
      .replaceAll(/<[^|>]+\|([^>]*)>/g, '$1')
      .replaceAll(/\*(#\d+|[^*\n]+)\*/g, '$1')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&');
  }

  function look(): void {
    for (const channel of slack.world.channels.values())
      for (const message of channel.messages) show(channel, message);
    for (const one of slack.world.ephemerals.slice(ephemerals)) showEphemeral(one);
    ephemerals = slack.world.ephemerals.length;
  }

  const timer = setInterval(look, LOOK_MS);
  return {
    title: (text) => {
      look();
      print(`\n${bold(`── ${text} ${'─'.repeat(Math.max(0, 72 - text.length))}`)}`);
    },
    line: print,
    look,
    stop: () => clearInterval(timer),
  };
}

/** As Slack would show it: how long ago, or the time of day, or day and time. */
function moment(at: number, form: string): string {
  if (form === '{ago}') return 'just now';
  const day =
    new Date(at).toDateString() === new Date().toDateString() ? 'today' : new Date(at).toDateString();
  return `${day} ${new Date(at).toTimeString().slice(0, 5)}`;
}
