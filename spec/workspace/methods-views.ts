import { checkView } from './block-kit.ts';
import { ApiError, type Call, type Method, type Parts } from './method.ts';
import { withBlockIds } from './methods-chat.ts';
import { isJson, isJsonList, type Json, type View } from './wire.ts';
import type { World } from './world.ts';

/** At most this many modals lie on each other. */
const MAX_STACK = 3;

type Body = View['body'];

export function viewBody(view: unknown, world: World, type: View['type']): Body {
  const problems = checkView(view);
  const body = isJson(view) ? view : {};
  if (problems.length === 0 && body['type'] !== type)
    problems.push(`[ERROR] view.type must be ${type} [json-pointer:/view/type]`);
  if (problems.length > 0)
    throw new ApiError('invalid_arguments', { response_metadata: { messages: problems } });
  const blocks = isJsonList(body['blocks']) ? withBlockIds(body['blocks'], world) : [];
  return { ...body, blocks: blocks.map((block) => withActionIds(block, world)) };
}

function withActionIds(block: Json, world: World): Json {
  const element = block['element'];
  if (typeof element !== 'object' || element === null) return block;
  return { ...block, element: { action_id: world.nextId('a'), ...element } };
}

/** A view as Slack sends it back: in the answer, and in every payload from it. */
export function viewOf(world: World, view: View): Json {
  return {
    id: view.id,
    team_id: world.teamId,
    title: { type: 'plain_text', text: '', emoji: true },
    close: null,
    submit: null,
    callback_id: '',
    private_metadata: '',
    external_id: '',
    clear_on_close: false,
    notify_on_close: false,
    ...view.body,
    state: { values: view.values },
    hash: view.hash,
    previous_view_id: view.previousId,
    root_view_id: view.rootId,
    app_id: world.appId,
    app_installed_team_id: world.teamId,
    bot_id: world.botId,
  };
}

export function openView(world: World, user: string, body: Body, previous: View | null): View {
  const id = world.nextId('V');
  const view: View = {
    id,
    user,
    type: 'modal',
    body,
    hash: newHash(world),
    rootId: previous?.rootId ?? id,
    previousId: previous?.id ?? null,
    values: {},
    openedAt: world.clock.now(),
  };
  world.views.set(id, view);
  const stack = previous ? (world.viewStacks.get(user) ?? []) : [];
  world.viewStacks.set(user, [...stack, id]);
  world.changed();
  return view;
}

/** Replaces what a view shows; what was typed into blocks that stay is kept. */
export function changeView(world: World, view: View, body: Body): void {
  const kept = new Set(body.blocks.map((block) => String(block['block_id'])));
  view.values = Object.fromEntries(Object.entries(view.values).filter(([blockId]) => kept.has(blockId)));
  view.body = body;
  view.hash = newHash(world);
  world.changed();
}

function newHash(world: World): string {
  return `${Math.floor(world.clock.now() / 1000)}.${world.nextId('h').toLowerCase()}`;
}

export function topView(world: World, user: string): View | undefined {
  return world.views.get(world.viewStacks.get(user)?.at(-1) ?? '');
}

function exchanged(call: Call, parts: Parts): string {
  const result = parts.triggers.exchange(call.text('trigger_id') ?? '');
  if ('error' in result) throw new ApiError(result.error);
  return result.user;
}

const view = (call: Call): unknown => call.json('view', 'invalid_arguments');

function isOpen(world: World, each: View): boolean {
  return world.viewStacks.get(each.user)?.includes(each.id) ?? false;
}

function update(call: Call, { world }: Parts): Json {
  const externalId = call.text('external_id');
  const found =
    externalId === undefined
      ? world.views.get(call.text('view_id') ?? '')
      : [...world.views.values()].findLast((each) => each.body['external_id'] === externalId);
  if (!found || !isOpen(world, found)) throw new ApiError('not_found');
  const hash = call.text('hash');
  if (hash !== undefined && hash !== found.hash) throw new ApiError('hash_conflict');
  changeView(world, found, viewBody(view(call), world, 'modal'));
  return { view: viewOf(world, found) };
}

function publish(call: Call, { world, manifest }: Parts): Json {
  const user = call.text('user_id') ?? '';
  if (!world.people.has(user)) throw new ApiError('user_not_found');
  if (!manifest.hasHomeTab) throw new ApiError('not_enabled');
  const body = viewBody(view(call), world, 'home');
  const hash = call.text('hash');
  const known = world.homes.get(user);
  if (known && hash !== undefined && hash !== known.hash) throw new ApiError('hash_conflict');
  const id = known?.id ?? world.nextId('V');
  const home: View = {
    id,
    user,
    type: 'home',
    body,
    hash: newHash(world),
    rootId: id,
    previousId: null,
    values: {},
    openedAt: world.clock.now(),
  };
  world.homes.set(user, home);
  world.changed();
  return { view: viewOf(world, home) };
}

export const viewMethods: Record<string, Method> = {
  'views.open': {
    token: 'bot',
    run: (call, parts) => {
      // The view is checked first: a wrong one does not use the trigger up.
      const body = viewBody(view(call), parts.world, 'modal');
      return { view: viewOf(parts.world, openView(parts.world, exchanged(call, parts), body, null)) };
    },
  },
  'views.push': {
    token: 'bot',
    run: (call, parts) => {
      const body = viewBody(view(call), parts.world, 'modal');
      const user = exchanged(call, parts);
      const stack = parts.world.viewStacks.get(user) ?? [];
      if (stack.length >= MAX_STACK) throw new ApiError('push_limit_reached');
      return {
        view: viewOf(parts.world, openView(parts.world, user, body, topView(parts.world, user) ?? null)),
      };
    },
  },
  'views.update': { token: 'bot', run: update },
  'views.publish': { token: 'bot', run: publish },
};
