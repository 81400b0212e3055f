/**
 * `npm run smoke`: looks at the bot of the running stack (`-- --container NAME` or `-- --project NAME` where there are
 * several). `-- --trial` starts a throw-away stack of `triage:latest` (`--image NAME` for another one) with a local
 * Slack, sends a request through it and back, looks at it likewise, and removes it. Exits 1 when anything is not so,
 * which it is given three quarters of a minute to become.
 */
import { parseArgs } from 'node:util';
import { type Finding, findBot, smoke } from '../../config/container/smoke.ts';
import { openStack, type Stack } from './stack.ts';

/** How long a bot that has just been started may take until it is ready and Docker calls it healthy. */
const STARTING_MS = 45_000;

/** Somebody asks, somebody takes it, and each sees what they should. */
export async function throughSlack(stack: Stack): Promise<Finding> {
  const title = 'a request goes through the local Slack and back';
  try {
    const words = 'The smoke alarm rings.';
    const ts = stack.ask(words);
    const card = await stack.cardOf(words);
    await stack.slack.press(stack.team.ana, { channel: stack.team.triage.id, ts: card.ts }, 'Take it');
    await stack.settled();
    const told = stack.slack.thread(stack.team.help, ts).length > 1;
    return { title, problem: told ? null : 'the asker was told nothing' };
  } catch (error) {
    return { title, problem: error instanceof Error ? error.message : 'failed' };
  }
}

async function trial(image: string): Promise<readonly Finding[]> {
  const stack = await openStack({ image, probeSeconds: 2 });
  try {
    await stack.up();
    const slack = await throughSlack(stack);
    return [...(await smoke(await stack.container('bot'), STARTING_MS)), slack];
  } finally {
    await stack.close();
  }
}

function tell(findings: readonly Finding[]): number {
  for (const { title, problem } of findings)
    console.log(problem === null ? `✓ ${title}` : `✗ ${title}: ${problem}`);
  return findings.every(({ problem }) => problem === null) ? 0 : 1;
}

if (import.meta.main) {
  try {
    const { values } = parseArgs({
      options: {
        container: { type: 'string' },
        project: { type: 'string' },
        trial: { type: 'boolean', default: false },
        image: { type: 'string', default: 'triage:latest' },
      },
    });
    const findings = values.trial
      ? await trial(values.image)
      : await smoke(values.container ?? (await findBot(values.project)), STARTING_MS);
    process.exitCode = tell(findings);
  } catch (error) {
    console.error(error instanceof Error ? error.message : 'failed');
    process.exitCode = 1;
  }
}
