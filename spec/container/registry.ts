import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../config/container/run.ts';
import { freePort } from '../support/free-port.ts';
import { waitFor } from '../support/wait-for.ts';
import { newFolder } from './leftovers.ts';

export const USER = 'spec';
export const PASSWORD = 'hunter2-of-the-registry';

/** A real registry (Debian's docker-registry) on a free port of the loopback, which lets in nobody without a login. */
export async function startRegistry() {
  const folder = await newFolder();
  const port = await freePort();
  const hash = await run('perl', ['-e', 'print crypt($ENV{PASSWORD}, q($2y$05$abcdefghijklmnopqrstuu))'], {
    env: { PASSWORD },
  });
  await writeFile(join(folder, 'htpasswd'), `${USER}:${hash}\n`);
  await writeFile(
    join(folder, 'registry.yml'),
    `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: ${folder}/data } }
http: { addr: 127.0.0.1:${port} }
auth: { htpasswd: { realm: spec, path: ${folder}/htpasswd } }
`,
  );
  // It ends with this process, however that ends.
  const registry = ['docker-registry', 'serve', join(folder, 'registry.yml')];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...registry], { stdio: 'ignore' });
  const failed = Promise.race([once(child, 'error'), once(child, 'exit')]).then(() => {
    throw new Error('these specs need docker-registry: sh spec/container/install.sh brings it');
  });
  const answers = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/v2/`)).status === 401;
  await Promise.race([failed, waitFor(answers, 'the registry to answer')]);
  failed.catch(() => {});
  return {
    name: `127.0.0.1:${port}`,
    async close(): Promise<void> {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}
