/** The daemon, with a logger that notes when the handler of each event begins: that is when it makes its child. */
import { createApp } from '../../../src/app.ts';
import { systemClock } from '../../../src/clock.ts';
import { loadTriageFile } from '../../../src/config/triage-file.ts';
import { loadConfig, triageFileOf } from '../../../src/config.ts';
import { createLogger, type Logger } from '../../../src/logger.ts';
import { nowMs } from '../bench-slack.ts';

const starts: [string, number][] = [];

function noting(logger: Logger): Logger {
  return {
    ...logger,
    child: (scope) => {
      const { eventId } = scope;
      if (typeof eventId === 'string') starts.push([eventId, nowMs()]);
      return noting(logger.child(scope));
    },
  };
}

const config = loadConfig();
const { path, name } = triageFileOf();
process.on('message', () => process.send?.(starts.splice(0)));
await createApp({
  config,
  triageFile: loadTriageFile(path, name),
  clock: systemClock,
  logger: noting(createLogger(config.log)),
}).start();
