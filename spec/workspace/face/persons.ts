/** Who acts on the page: anybody of the workspace but its bots. */
import type { Person } from '../wire.ts';
import type { World } from '../world.ts';
import { Refusal } from './refusal.ts';

/** @param id the first person when absent */
export function personIn(world: World, id: string | undefined): Person {
  const people = [...world.people.values()];
  const found = id === undefined ? people.find(isSomebody) : world.people.get(id);
  if (found === undefined || !isSomebody(found))
    throw new Refusal(404, `there is no person ${id ?? ''} in this workspace`.replace('  ', ' '));
  return found;
}

function isSomebody({ isBot, deleted }: Person): boolean {
  return !isBot && !deleted;
}
