/**
 * Requests whose queue is no longer in the configuration. One that was renamed keeps its requests, by its triage channel;
 * one that was removed must not leave any behind: nobody could see them any more, and another queue's people must not.
 */
import type { Queue } from '../domain/queue.ts';
import { UNDO_MS } from '../domain/request.ts';
import { ConfigError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Pool } from '../store/pool.ts';
import { renameQueue, strayRequests } from '../store/requests.ts';

const NUMBERS_SHOWN = 10;

/**
 * @param fileName of the configuration, for problems
 * @throws ConfigError with a line for each queue that is gone while requests are still in it
 */
export async function adoptStrays(
  pool: Pool,
  queues: readonly Queue[],
  { fileName, now, logger }: { fileName: string; now: number; logger: Logger },
): Promise<void> {
  const problems: string[] = [];
  const names = queues.map(({ name }) => name);
  for (const { queue, ids, cardChannels } of await strayRequests(pool, names, now - UNDO_MS)) {
    const renamed = queues.find(({ triageChannel }) => cardChannels.includes(triageChannel));
    if (renamed === undefined) {
      const shown = ids.slice(0, NUMBERS_SHOWN).map((id) => `#${id}`);
      const more = ids.length > shown.length ? ` and ${ids.length - shown.length} more` : '';
      problems.push(
        `${fileName}: there is no queue "${queue}" any more, but requests are still in it (${shown.join(', ')}${more}); keep it until they have ended or moved`,
      );
      continue;
    }
    await renameQueue(pool, queue, renamed.name);
    logger.info('a queue goes by another name', { from: queue, to: renamed.name, requests: ids.length });
  }
  if (problems.length > 0) throw new ConfigError(problems);
}
