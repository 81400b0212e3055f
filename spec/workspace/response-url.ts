import { checkBlocks } from './block-kit.ts';
import type { Parts } from './method.ts';
import { botMessage, changeOwn, postAsBot, removeMessage, withBlockIds } from './methods-chat.ts';
import type { ResponseTarget } from './triggers.ts';
import { isJsonList, type Json } from './wire.ts';

interface Reply {
  readonly status: number;
  readonly body: Json;
}

/** A POST to a response_url: an ephemeral or a message, or a change of the message that the button was on. */
export function respond(parts: Parts, path: string, args: Json): Reply {
  const target = parts.triggers.respondTo(path);
  if ('error' in target) return { status: 404, body: { ok: false, error: target.error } };
  const blocks = args['blocks'];
  if (blocks !== undefined && (!isJsonList(blocks) || checkBlocks(blocks, 'message').length > 0)) {
    return { status: 400, body: { ok: false, error: 'invalid_blocks' } };
  }
  if (args['delete_original'] === true || args['replace_original'] === true)
    return replace(parts, target, args);
  if (typeof args['text'] !== 'string' && blocks === undefined) {
    return { status: 400, body: { ok: false, error: 'no_text' } };
  }
  say(parts, target, args);
  return { status: 200, body: { ok: true } };
}

/** What a command or button says back: to the person alone unless it asks for the channel. */
export function say(parts: Parts, target: Omit<ResponseTarget, 'at' | 'uses'>, args: Json): void {
  const { world } = parts;
  const channel = world.channel(target.channel);
  const blocks = isJsonList(args['blocks']) ? withBlockIds(args['blocks'], world) : [];
  const text = typeof args['text'] === 'string' ? args['text'] : '';
  const threadTs = typeof args['thread_ts'] === 'string' ? args['thread_ts'] : (target.threadTs ?? undefined);
  if (args['response_type'] === 'in_channel') {
    const message = botMessage(world, text);
    if (blocks.length > 0) message.blocks = blocks;
    postAsBot(parts, channel, message, threadTs);
    return;
  }
  world.ephemerals.push({
    user: target.user,
    channel: channel.id,
    ts: world.nextTs(),
    text,
    blocks,
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
  });
  world.changed();
}

function replace(parts: Parts, target: ResponseTarget, args: Json): Reply {
  const { world } = parts;
  const isGone = args['delete_original'] === true;
  const blocks = isJsonList(args['blocks']) ? withBlockIds(args['blocks'], world) : undefined;
  const text = typeof args['text'] === 'string' ? args['text'] : undefined;
  const at = world.ephemerals.findIndex((each) => each.ts === target.messageTs && each.user === target.user);
  const ephemeral = world.ephemerals[at];
  if (ephemeral) {
    if (isGone) world.ephemerals.splice(at, 1);
    else Object.assign(ephemeral, { text: text ?? '', blocks: blocks ?? [] });
    world.changed();
    return { status: 200, body: { ok: true } };
  }
  const channel = world.channel(target.channel);
  const message = channel.byTs.get(target.messageTs ?? '');
  if (!message) return { status: 404, body: { ok: false, error: 'message_not_found' } };
  if (isGone) removeMessage(parts, channel, message);
  else changeOwn(parts, channel, message, { text: text ?? message.text, blocks });
  return { status: 200, body: { ok: true } };
}
