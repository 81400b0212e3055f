/** What the process does, and nothing else: configuration, signals, the watchdog, exit codes. */
import { createApp } from '../app.ts';
import { systemClock } from '../clock.ts';
import { loadTriageFile } from '../config/triage-file.ts';
import type { TriageFile } from '../config/triage-spec.ts';
import { type Config, loadConfig, triageFileOf } from '../config.ts';
import { ConfigError, StartError, TransientError } from '../errors.ts';
import { createLogger } from '../logger.ts';
import { createAppTokenTest, createSlackClient } from '../slack/client.ts';
import { checkAgainstSlack } from '../slack/startup-checks.ts';
import { createWatchdog } from '../watchdog.ts';
import { forget } from './forget.ts';

const EXIT_CLEAN = 0;
const EXIT_FAILED = 1;
/** sysexits' EX_CONFIG: something to be mended before it makes sense to start again. */
const EXIT_CONFIG = 78;

const STUCK_MS = 30_000;

/** Environment and YAML, with what is wrong with either in one go. */
function loadAll(): { config: Config; triageFile: TriageFile } {
  const problems: string[] = [];
  const collect = <T>(load: () => T): T | null => {
    try {
      return load();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
      return null;
    }
  };
  const config = collect(() => loadConfig());
  const triageFile = collect(() => {
    const { path, name } = triageFileOf();
    return loadTriageFile(path, name);
  });
  if (config === null || triageFile === null) throw new ConfigError([...new Set(problems)]);
  return { config, triageFile };
}

/** One line a problem; never a stack trace, never a secret. */
function tell(error: unknown): number {
  if (error instanceof ConfigError) {
    for (const problem of error.problems) process.stderr.write(`${problem}\n`);
    return EXIT_CONFIG;
  }
  const text =
    error instanceof StartError
      ? error.message
      : `cannot start: ${error instanceof Error ? error.message : 'unknown error'}`;
  process.stderr.write(`${text}\n`);
  return EXIT_FAILED;
}

async function checkConfig(): Promise<number> {
  const { config, triageFile } = loadAll();
  const logger = createLogger({ ...config.log, level: 'error' });
  const client = createSlackClient({ ...config.slack, logger });
  const testAppToken = createAppTokenTest({ ...config.slack, logger });
  const { queues, warnings } = await checkAgainstSlack({ client, testAppToken, file: triageFile }).catch(
    (error: unknown) => {
      if (!(error instanceof TransientError)) throw error;
      throw new StartError(`Slack does not answer at ${config.slack.apiUrl} (${error.message})`, {
        cause: error,
      });
    },
  );
  for (const warning of [...config.warnings, ...warnings]) process.stdout.write(`warning: ${warning}\n`);
  process.stdout.write(
    `${config.triageFile.name} fits this workspace: ${queues.map(({ name }) => name).join(', ')}\n`,
  );
  return EXIT_CLEAN;
}

async function forgetSomebody(who: string): Promise<number> {
  const { config, triageFile } = loadAll();
  const logger = createLogger({ ...config.log, level: 'error' });
  for (const line of await forget({ config, triageFile, logger, who })) process.stdout.write(`${line}\n`);
  return EXIT_CLEAN;
}

async function run(): Promise<void> {
  const { config, triageFile } = loadAll();
  const logger = createLogger(config.log);
  for (const warning of config.warnings) logger.warn('configuration warning', { warning });
  // A library's stray rejection must not end a daemon that can go on; what it was is for the operator to see.
  process.on('unhandledRejection', (error) =>
    logger.error('a promise was rejected and nobody waited', { error }),
  );
  const watchdog = createWatchdog({
    limitMs: STUCK_MS,
    line: 'the event loop has not turned for 30 s: ending',
  });
  await watchdog.start();
  const app = createApp({ config, triageFile, clock: systemClock, logger });

  let signals = 0;
  const end = (signal: NodeJS.Signals): void => {
    signals += 1;
    if (signals > 1) process.exit(EXIT_FAILED);
    logger.info('stopping', { signal });
    const deadline = setTimeout(() => {
      logger.error('did not stop inside the grace period');
      process.exit(EXIT_FAILED);
    }, config.shutdownGraceSeconds * 1000);
    void app.stop().then(async () => {
      await watchdog.stop();
      clearTimeout(deadline);
      logger.info('stopped');
      process.exitCode = EXIT_CLEAN;
      process.exit();
    });
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);

  try {
    await app.start();
  } catch (error) {
    // A start that was told to stop has failed on purpose; `end` exits.
    if (signals > 0) return;
    const code = tell(error);
    await app.stop();
    process.exit(code);
  }
}

try {
  if (process.argv[2] === 'check-config') process.exit(await checkConfig());
  if (process.argv[2] === 'forget') process.exit(await forgetSomebody(process.argv.slice(3).join(' ')));
  await run();
} catch (error) {
  process.exit(tell(error));
}
