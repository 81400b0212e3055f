import { canSee } from './interactions.ts';
import { textOf, textOfBlocks } from './text-of.ts';
import { type Ephemeral, idOf, type View, type Who } from './wire.ts';
import type { World } from './world.ts';

/** One thing on somebody's screen. */
export interface Visible {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | null;
  readonly user: string | null;
  readonly text: string;
  readonly isEphemeral: boolean;
}

/** All messages and ephemerals that a person can see, in the order of their ts. */
export function visibleTo(world: World, who: Who): Visible[] {
  const person = world.person(idOf(who));
  const seen: Visible[] = [];
  for (const channel of world.channels.values()) {
    if (!canSee(world, person, channel)) continue;
    for (const message of channel.messages) {
      const text = message.blocks ? `${message.text}\n${textOf(message)}` : message.text;
      const { ts, thread_ts: threadTs = null, user = null } = message;
      seen.push({ channel: channel.id, ts, threadTs, user, text, isEphemeral: false });
    }
  }
  for (const { channel, ts, thread_ts: threadTs = null, text, blocks } of ephemeralsOf(world, who)) {
    const all = `${text}\n${textOfBlocks(blocks)}`;
    seen.push({ channel, ts, threadTs, user: world.botUserId, text: all, isEphemeral: true });
  }
  return seen.sort((a, b) => Number(a.ts) - Number(b.ts));
}

export function ephemeralsOf(world: World, who: Who): Ephemeral[] {
  return world.ephemerals.filter((each) => each.user === idOf(who));
}

/** The modals that a person has open, the top one last. */
export function viewsOf(world: World, who: Who): View[] {
  return (world.viewStacks.get(idOf(who)) ?? []).flatMap((id) => world.views.get(id) ?? []);
}

/** Can a person read this text anywhere: in a message, an ephemeral, a modal, the Home tab? */
export function sees(world: World, who: Who, text: string): boolean {
  const home = world.homes.get(idOf(who));
  const views = [...viewsOf(world, who), ...(home ? [home] : [])];
  return (
    visibleTo(world, who).some((each) => each.text.includes(text)) ||
    views.some((view) => JSON.stringify(view.body).includes(text))
  );
}
