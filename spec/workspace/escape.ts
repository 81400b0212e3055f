import type { World } from './world.ts';

/** Emoji that people type and Slack turns into names; the few that mean something to TrIAge, and one that does not. */
const NAMES: Record<string, string> = {
  '🔴': 'red_circle',
  '🟠': 'large_orange_circle',
  '🔵': 'large_blue_circle',
  '⚪': 'white_circle',
  '🎫': 'ticket',
  '👀': 'eyes',
  '✅': 'white_check_mark',
  '🔒': 'lock',
  '🙂': 'slightly_smiling_face',
};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const TOKEN =
  /<@(U\w+)>|<#(C\w+)>|(?<![\w@])@([\w.-]+)|(?<![\w#])#([\w-]+)|\b(https?:\/\/[^\s<>|]+)|\b([\w.+-]+@[\w-]+\.[\w.]+)/g;

/**
 * What somebody types into the message box, as Slack stores it: `& < >` escaped; `@ana` (or `@Ana`), `@here`, `#help`, links and
 * mail addresses become tokens (as its suggestions do), and so do `<@U1>` and `<#C1>` of people and channels that exist.
 */
export function typed(text: string, world: World): string {
  const named = text.replace(/\p{Extended_Pictographic}\uFE0F?/gu, (emoji) => {
    const name = NAMES[emoji.replace('\uFE0F', '')];
    return name === undefined ? emoji : `:${name}:`;
  });
  return tokens(named, world, {
    person: (id) => `<@${id}>`,
    channel: (id, name) => `<#${id}|${name}>`,
    broadcast: (word) => `<!${word}>`,
    link: (url) => `<${escaped(url)}>`,
    mail: (address) => `<mailto:${address}|${address}>`,
  });
}

/** The text of a slash command with `should_escape`: people and channels carry their names. */
export function typedCommand(text: string, world: World): string {
  return tokens(text, world, {
    person: (id, name) => `<@${id}|${name}>`,
    channel: (id, name) => `<#${id}|${name}>`,
    broadcast: (word) => `<!${word}>`,
    link: (url) => `<${escaped(url)}>`,
    mail: (address) => `<mailto:${address}|${address}>`,
  });
}

interface Spelling {
  person(id: string, name: string): string;
  channel(id: string, name: string): string;
  broadcast(word: string): string;
  link(url: string): string;
  mail(address: string): string;
}

function tokens(text: string, world: World, spelling: Spelling): string {
  let result = '';
  let from = 0;
  for (const match of text.matchAll(TOKEN)) {
    const token = tokenOf(match, world, spelling);
    if (token === undefined) continue;
    result += escaped(text.slice(from, match.index)) + token;
    from = match.index + match[0].length;
  }
  return result + escaped(text.slice(from));
}

function tokenOf(match: RegExpExecArray, world: World, spelling: Spelling): string | undefined {
  const [, userId, channelId, handle, channelName, url, mail] = match;
  if (url !== undefined) return spelling.link(url);
  if (mail !== undefined) return spelling.mail(mail);
  if (handle !== undefined && /^(here|channel|everyone)$/.test(handle)) return spelling.broadcast(handle);
  for (const person of world.people.values()) {
    if (person.id === userId || person.name.toLowerCase() === handle?.toLowerCase()) {
      return spelling.person(person.id, person.name);
    }
  }
  for (const channel of world.channels.values()) {
    if (channel.isIm) continue;
    if (channel.id === channelId || (channelName !== undefined && channel.name === channelName)) {
      return spelling.channel(channel.id, channel.name);
    }
  }
  return undefined;
}
