/** `npm run demo`: a Slack, a team and the real daemon on this machine; `-- --export DIR` replays an export instead. */
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { startLocalSlack } from '../local-slack.ts';
import { prepareDaemon } from './daemon.ts';
import { makePlayers, PLAY_YAML, play } from './play.ts';
import { replay } from './replay.ts';
import { createScreen } from './screen.ts';
import { TRY_LINES, tryLine } from './try.ts';

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function demo(): Promise<void> {
  const slack = await startLocalSlack({ retryDelaysMs: [0, 5000, 10_000] });
  const team = makePlayers(slack);
  const daemon = await prepareDaemon(slack, PLAY_YAML);
  const screen = createScreen(slack, print);
  const ended = Promise.withResolvers<void>();
  const typed = createInterface({ input: process.stdin });
  const end = (): void => ended.resolve();
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  // Whoever closes the pipe has seen enough.
  process.stdout.once('error', end);
  try {
    print('Starting a local Slack, an embedded PostgreSQL and the daemon …');
    daemon.start();
    const played = slack
      .waitFor(() => slack.socket.open().length > 0, 'the daemon to connect', 60_000)
      .then(() => play(slack, team, daemon, screen));
    const interrupted = ended.promise.then(() => 'interrupted' as const);
    const died = daemon.died.then((reason) => Promise.reject(new Error(reason)));
    if ((await Promise.race([played, interrupted, died])) === 'interrupted') return;
    screen.title('That was the play; the daemon stays up');
    print('   Type what somebody does in Slack, and see what TrIAge makes of it:');
    for (const line of TRY_LINES) print(`     ${line}`);
    print('   With a real workspace: README, "Connect your workspace". Ctrl-C ends all of it.');
    typed.on('line', (line) => {
      if (line.trim() === '') return;
      void (async () => {
        const answer = await tryLine(slack, team.triage, line);
        if (answer !== null) print(`   ${answer}`);
      })();
    });
    await Promise.race([ended.promise, died]);
  } finally {
    typed.close();
    screen.stop();
    await daemon.remove();
    await slack.close();
  }
}

const { values } = parseArgs({ options: { export: { type: 'string' } } });
try {
  await (values.export === undefined ? demo() : replay(values.export, print));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
