/** The Chromium that is installed: none is downloaded. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** A name that leads here, as that of somebody's site would that wants to be taken for this machine. */
export const REBOUND = 'rebound.test';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'] as const;

/** Where it is; an Error of one line says what to install when there is none. */
export function findChromium(): string {
  const own = process.env['CHROMIUM'];
  if (own !== undefined && own !== '') {
    if (isProgram(own)) return own;
    throw new Error(`CHROMIUM is ${own}, which is no program`);
  }
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find(isProgram);
  if (found === undefined)
    throw new Error('these specs need Chromium: apt-get install chromium (or name one in CHROMIUM)');
  return found;
}

export function launchChromium(): Promise<Browser> {
  // As root it refuses its own sandbox; all that it is shown comes from this repository.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({
    executablePath: findChromium(),
    // Whoever ends the run ends it with its process.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    // Whatever it looks for on its own account is not to be found.
    args: [...sandbox, `--host-resolver-rules=MAP ${REBOUND} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`],
  });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
