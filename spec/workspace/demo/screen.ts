/** Shows in the terminal what happens in the local Slack: who says what where, and each message as it changes. */
import type { LocalSlack } from '../local-slack.ts';
import { textOf } from '../text-of.ts';
import type { Channel, Message } from '../wire.ts';

const LOOK_MS = 60;
const isColoured = process.stdout.isTTY;

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
  const shown = new Map<string, string>();

  function nameOf(id: string | undefined): string {
    return (id === undefined ? undefined : slack.world.people.get(id)?.realName) ?? 'an app';
  }

  function place(channel: Channel, message: Message): string {
    const where = channel.isIm ? `DM of ${nameOf(channel.imUser ?? undefined)}` : `#${channel.name}`;
    return message.thread_ts === undefined || message.thread_ts === message.ts ? where : `${where} ↳`;
  }

  function show(channel: Channel, message: Message): void {
    const key = `${channel.id}:${message.ts}`;
    const text = readable(textOf(message));
    const before = shown.get(key);
    if (before === text) return;
    shown.set(key, text);
    const who = bold(nameOf(message.user));
    print(`${dim(place(channel, message).padEnd(16))} ${who}${before === undefined ? '' : dim(' (edited)')}`);
    for (const line of text.split('\n')) print(`${' '.repeat(17)}${line}`);
  }

  function readable(text: string): string {
    return text
      .replaceAll(/<@(\w+)>/g, (_, id: string) => `@${nameOf(id)}`)
      .replaceAll(/<!date\^\d+\^[^|]*\|([^>]*)>/g, '$1')
      .replaceAll(/<[^|>]+\|([^>]*)>/g, '$1')
      .replaceAll('&amp;', '&')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>');
  }

  function look(): void {
    for (const channel of slack.world.channels.values())
      for (const message of channel.messages) show(channel, message);
  }

  const timer = setInterval(look, LOOK_MS);
  return {
    title: (text) => print(`\n${bold(`── ${text} ${'─'.repeat(Math.max(0, 72 - text.length))}`)}`),
    line: print,
    look,
    stop: () => clearInterval(timer),
  };
}
