import type { World } from './world.ts';

/** How long a trigger id is good for (Slack: three seconds, once). */
const TRIGGER_MS = 3000;
/** Slack's bounds of a response_url. */
const RESPONSE_URL_MS = 30 * 60_000;
const RESPONSE_URL_USES = 5;

interface Trigger {
  readonly user: string;
  readonly at: number;
  used: boolean;
}

export interface ResponseTarget {
  readonly user: string;
  readonly channel: string;
  /** The message (or ephemeral) that the button was on. */
  readonly messageTs: string | null;
  readonly threadTs: string | null;
  readonly at: number;
  uses: number;
}

export class Triggers {
  private readonly world: World;
  private readonly elapsedMs: () => number;
  private readonly triggers = new Map<string, Trigger>();
  private readonly targets = new Map<string, ResponseTarget>();
  private origin = '';
  private last = 0;

  /** @param elapsedMs monotonic: people wait in real time, whatever the workspace's clock does */
  constructor(world: World, elapsedMs: () => number) {
    this.world = world;
    this.elapsedMs = elapsedMs;
  }

  listen(origin: string): void {
    this.origin = origin;
  }

  newTrigger(user: string): string {
    this.last += 1;
    const id = `${Math.floor(this.world.clock.now())}.${this.last}.${this.world.nextId('').toLowerCase()}`;
    this.triggers.set(id, { user, at: this.elapsedMs(), used: false });
    return id;
  }

  /** Uses a trigger up: the person it belongs to, or Slack's error. */
  exchange(id: string): { user: string } | { error: string } {
    const trigger = this.triggers.get(id);
    if (!trigger) return { error: 'invalid_trigger_id' };
    if (trigger.used) return { error: 'exchanged_trigger_id' };
    if (this.elapsedMs() - trigger.at > TRIGGER_MS) return { error: 'expired_trigger_id' };
    trigger.used = true;
    return { user: trigger.user };
  }

  newResponseUrl(target: Omit<ResponseTarget, 'at' | 'uses'>): string {
    const id = this.world.nextId('r').toLowerCase();
    this.targets.set(id, { ...target, at: this.elapsedMs(), uses: 0 });
    return `${this.origin}/response/${this.world.teamId}/${id}`;
  }

  respondTo(path: string): ResponseTarget | { error: string } {
    const target = this.targets.get(path.split('/').at(-1) ?? '');
    if (!target) return { error: 'invalid_url' };
    if (this.elapsedMs() - target.at > RESPONSE_URL_MS) return { error: 'expired_url' };
    if (target.uses >= RESPONSE_URL_USES) return { error: 'used_url' };
    target.uses += 1;
    return target;
  }
}
