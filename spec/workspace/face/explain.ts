import { Refusal } from './refusal.ts';
import type { Stage } from './stage.ts';
import type { Explained } from './wire.ts';

export function explain(_stage: Stage, number: string): Promise<Explained> {
  return Promise.reject(new Refusal(404, `there is no request #${number}`));
}
