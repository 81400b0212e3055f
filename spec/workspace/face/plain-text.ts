/** Slack's text as somebody reads it in one line, with names for ids. */
import type { World } from '../world.ts';

export function plainText(world: World, text: string): string {
  return text
    .replaceAll(/<([^<>]*)>/g, (_, token: string) => tokenText(world, token))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll(/[\u200B\u2060]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** In quotation marks, and no longer than fits a line. */
export function quoted(world: World, text: string, most = 100): string {
  const plain = plainText(world, text);
  return `“${plain.length > most ? `${plain.slice(0, most - 1)}…` : plain}”`;
}

/** `@ana`, or the id of somebody unknown. */
export function handle(world: World, id: string): string {
  return `@${world.people.get(id)?.name ?? id}`;
}

/** `#help-it`, or `a DM with @ana`. */
export function place(world: World, id: string): string {
  const channel = world.channels.get(id);
  if (channel === undefined) return world.people.has(id) ? `a DM with ${handle(world, id)}` : id;
  return channel.imUser === null ? `#${channel.name}` : `a DM with ${handle(world, channel.imUser)}`;
}

/** What is between `<` and `>`: a mention, a moment, a link; with a label the label. */
function tokenText(world: World, token: string): string {
  const [target = '', label] = token.split('|', 2);
  if (target.startsWith('@')) return handle(world, target.slice(1));
  if (target.startsWith('#')) return label === undefined ? place(world, target.slice(1)) : `#${label}`;
  if (target.startsWith('!') && label === undefined) return `@${target.slice(1)}`;
  return label ?? target;
}
