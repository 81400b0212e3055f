import { chosenIn, initialOf, isEmpty, plainOf, pressables } from './elements.ts';
import { type Interactions, named, type Outcome, type Pick } from './interactions.ts';
import { ApiError, type Parts } from './method.ts';
import { changeView, openView, topView, viewBody, viewOf } from './methods-views.ts';
import { asText, idOf, isJson, type Person, type View, type Who } from './wire.ts';
import type { World } from './world.ts';

/** What somebody types and chooses, by action id or block id; null leaves or makes an input empty. */
export type Values = Readonly<Record<string, string | readonly string[] | null>>;

export interface Submission extends Outcome {
  /** What the modal says under its inputs, by block id. */
  readonly errors?: Readonly<Record<string, string>>;
}

/** What people do in modals. */
export class Modals {
  private readonly parts: Parts;
  private readonly world: World;
  private readonly interactions: Interactions;

  constructor(parts: Parts, interactions: Interactions) {
    this.parts = parts;
    this.world = parts.world;
    this.interactions = interactions;
  }

  /** Fills in and submits a modal (the top one). Inputs left empty are refused by Slack itself, as in the client. */
  async submit(who: Who, values: Values = {}, viewId?: string): Promise<Submission> {
    const user = this.world.person(idOf(who));
    const view = this.view(user, viewId);
    const missing = this.fill(view, values);
    if (Object.keys(missing).length > 0) return { errors: missing, payload: {}, triggerId: '' };
    const triggerId = this.parts.triggers.newTrigger(user.id);
    const payload = {
      ...this.interactions.common(user, triggerId),
      type: 'view_submission',
      view: viewOf(this.world, view),
      response_urls: [],
    };
    const outcome = await this.interactions.ask(user, payload, triggerId, true);
    return outcome.error ? outcome : this.follow(user, view, outcome);
  }

  /** Closes the top modal by its cross. */
  async dismiss(who: Who): Promise<Outcome | undefined> {
    const user = this.world.person(idOf(who));
    const view = this.view(user);
    this.closeTop(user);
    if (view.body['notify_on_close'] !== true) return undefined;
    const triggerId = this.parts.triggers.newTrigger(user.id);
    const { trigger_id: _none, ...common } = this.interactions.common(user, triggerId);
    const payload = { ...common, type: 'view_closed', view: viewOf(this.world, view), is_cleared: false };
    return this.interactions.ask(user, payload, triggerId, false);
  }

  /** Presses a button, or chooses in a menu that reports at once, in the top modal or the Home tab. */
  press(
    who: Who,
    pick: Pick,
    value: string | null = null,
    where: 'modal' | 'home' = 'modal',
  ): Promise<Outcome> {
    const user = this.world.person(idOf(who));
    const view = where === 'home' ? this.world.homes.get(user.id) : this.view(user);
    if (!view) throw new Error(`${user.name} has no Home tab`);
    const found = pressables(view.body.blocks).find((each) =>
      typeof pick === 'function' ? pick(each) : each.actionId === pick || each.text === pick,
    );
    if (!found) throw new Error(`no such button in the modal: ${named(pick)}`);
    const chosen = found.option
      ? { type: 'overflow', selected_option: found.option }
      : chosenIn(found.element, value);
    if (found.kind !== 'button' && found.kind !== 'overflow') {
      view.values[found.blockId] = { ...view.values[found.blockId], [found.actionId]: chosen };
    }
    return this.interactions.actInView(user, view, found, chosen);
  }

  private view(user: Person, viewId?: string): View {
    const view = viewId === undefined ? topView(this.world, user.id) : this.world.views.get(viewId);
    if (!view) throw new Error(`${user.name} has no modal open`);
    return view;
  }

  /** Types the values in; answers what is missing or too long, by block id. */
  private fill(view: View, values: Values): Record<string, string> {
    const problems: Record<string, string> = {};
    const unused = new Set(Object.keys(values));
    for (const block of view.body.blocks) {
      const element = block['element'];
      if (block['type'] !== 'input' || !isJson(element)) continue;
      const blockId = asText(block['block_id']);
      const actionId = asText(element['action_id']);
      const name = unused.delete(actionId) ? actionId : unused.delete(blockId) ? blockId : undefined;
      const known = view.values[blockId]?.[actionId];
      const state =
        name === undefined
          ? (known ?? chosenIn(element, initialOf(element)))
          : chosenIn(element, values[name] ?? null);
      view.values[blockId] = { [actionId]: state };
      if (isEmpty(state) && block['optional'] !== true)
        problems[blockId] = 'Please complete this required field.';
      const length = typeof state['value'] === 'string' ? state['value'].length : 0;
      if (length > Number(element['max_length'] ?? 3000)) problems[blockId] = 'Too long';
    }
    if (unused.size > 0) {
      const offered = view.body.blocks
        .map((block) => plainOf(block['label']))
        .filter((label) => label !== '');
      throw new Error(`the modal has no input ${[...unused].join(', ')}; it asks for: ${offered.join(', ')}`);
    }
    return problems;
  }

  /** Does what the app answered to a submission. */
  private follow(user: Person, view: View, outcome: Outcome): Submission {
    const { response_action: action, errors, view: next } = outcome.payload;
    if (action === 'errors') {
      const known = new Set(view.body.blocks.map((block) => asText(block['block_id'])));
      const shown = isJson(errors) ? errors : {};
      if (Object.keys(shown).length === 0 || !Object.keys(shown).every((each) => known.has(each))) {
        return this.failed(user, outcome);
      }
      const texts = Object.entries(shown).map(([blockId, text]) => [blockId, asText(text)]);
      return { ...outcome, errors: Object.fromEntries(texts) };
    }
    if (action === 'clear') this.world.viewStacks.delete(user.id);
    else if (action === 'update' || action === 'push') return this.show(user, view, next, action, outcome);
    else this.closeTop(user);
    this.world.changed();
    return outcome;
  }

  private show(
    user: Person,
    view: View,
    next: unknown,
    how: 'update' | 'push',
    outcome: Outcome,
  ): Submission {
    try {
      const body = viewBody(next, this.world, 'modal');
      if (how === 'update') changeView(this.world, view, body);
      else openView(this.world, user.id, body, view);
      return outcome;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return this.failed(user, outcome);
    }
  }

  private failed(user: Person, outcome: Outcome): Submission {
    this.interactions.sawError(user, 'We had some trouble connecting. Try again?');
    return { ...outcome, error: 'dispatch_failed' };
  }

  private closeTop(user: Person): void {
    const stack = this.world.viewStacks.get(user.id) ?? [];
    this.world.viewStacks.set(user.id, stack.slice(0, -1));
    this.world.changed();
  }
}
