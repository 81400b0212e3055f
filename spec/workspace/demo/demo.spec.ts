import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { freePort } from '../../support/free-port.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Deed, Done, State } from '../face/wire.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const PATIENCE_MS = 60_000;

describe('npm run demo', function () {
  this.timeout(120_000);
  let folder: string;
  const ends: (() => void)[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'demo-spec-'));
    // As root, PostgreSQL's account has to get through here.
    await chmod(folder, 0o755);
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) end();
    await rm(folder, { recursive: true, force: true });
  });

  /** Everything that the demo makes lies under `folder`, which tells its processes from those of others. */
  function launch(...args: string[]) {
    const child = spawn(process.execPath, [MAIN, ...args], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    ends.push(() => child.kill('SIGKILL'));
    const output = { text: '' };
    child.stdout.on('data', (chunk: Buffer) => (output.text += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output.text += chunk.toString()));
    const closed = once(child, 'close') as Promise<[number | null]>;
    return {
      child,
      output,
      /** Its exit code, and all that it said. */
      ended: async () => ({ code: (await closed)[0], lines: output.text.trim().split('\n') }),
      /** Where the page is, once it is there. */
      page: () => waitFor(() => /http:\S+/.exec(output.text)?.[0], 'the link', PATIENCE_MS),
    };
  }

  /** Processes that were started in or for the folder. */
  async function processes(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      if (command.includes(folder) || environment.includes(folder)) found.push(command.replaceAll('\0', ' '));
    }
    return found;
  }

  async function nothingIsLeft(): Promise<void> {
    await waitFor(async () => (await processes()).length === 0, 'every process to be gone');
    expect((await readdir(folder)).filter((name) => name.startsWith('triage-demo-'))).to.deep.equal([]);
  }

  async function stateOf(url: string, query: Readonly<Record<string, string>> = {}): Promise<State> {
    const response = await fetch(`${url}state?${new URLSearchParams(query).toString()}`);
    expect(response.status).to.equal(200);
    return (await response.json()) as State;
  }

  async function does(url: string, as: string, deed: Deed): Promise<Done> {
    const response = await fetch(`${url}do`, {
      method: 'POST',
      // As a browser sends it for the page itself.
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({ as, deed }),
    });
    expect(response.status, await response.clone().text()).to.equal(200);
    return (await response.json()) as Done;
  }

  const isUp = (url: string) => async (): Promise<boolean> => (await stateOf(url)).stage.isUp;

  it('prints one link to a page over a workspace that works, and leaves nothing when it is ended', async () => {
    const { child, output, page, ended } = launch();
    const url = await page();
    expect(new URL(url).hostname).to.equal('127.0.0.1');
    expect(output.text.match(/http/g)).to.have.length(1);
    const html = await (await fetch(url)).text();
    expect(html).to.include('/page.js');
    expect(await (await fetch(`${url}page.js`)).text()).to.have.length.above(10_000);
    await waitFor(isUp(url), 'TrIAge to be up', PATIENCE_MS);
    const { people, channels, stage } = await stateOf(url);
    expect(stage.kind).to.equal('time');
    const by = (name: string): string => people.find((each) => each.name === name)?.id ?? '';
    const help = channels.find(({ name }) => name === 'help-it')?.id ?? '';
    await does(url, by('uli'), { do: 'say', channel: help, text: 'The blinds are stuck' });
    const triage = (await stateOf(url, { as: by('ana') })).channels.find(({ name }) => name === 'triage-it');
    await waitFor(async () => {
      const { open } = await stateOf(url, { as: by('ana'), channel: triage?.id ?? '' });
      const card = open.messages.find(({ requestNumber }) => requestNumber === 1);
      return card?.text?.includes('#1 · The blinds are stuck');
    }, 'the card of what was asked');
    expect(await processes()).to.have.length.above(1);

    child.kill('SIGINT');

    expect((await ended()).code, output.text).to.equal(0);
    await nothingIsLeft();
  });

  it('begins with the show in which things break when told to, with a daemon of its own that goes with it', async () => {
    const { child, page, ended } = launch('--faults');
    const url = await page();
    expect((await stateOf(url)).stage.kind).to.equal('faults');
    await waitFor(isUp(url), 'TrIAge to be up', PATIENCE_MS);
    expect((await processes()).filter((each) => each.includes('src/main.ts'))).to.have.length(1);

    child.kill('SIGTERM');

    expect((await ended()).code).to.equal(0);
    await nothingIsLeft();
  });

  it('ends at once when it is told a second time, and leaves nothing even so', async () => {
    const { child, page, ended } = launch('--faults');
    const url = await page();
    await waitFor(isUp(url), 'TrIAge to be up', PATIENCE_MS);
    // With its children stopped it cannot end in good order.
    const daemon = await waitFor(pidOfDaemon, 'the daemon');
    process.kill(daemon, 'SIGSTOP');
    ends.push(() => isAlive(daemon) && process.kill(daemon, 'SIGKILL'));

    const toldAt = performance.now();
    child.kill('SIGINT');
    await waitFor(async () => !(await answers(url)), 'the page to be gone');
    // Sooner it would be the first one, handed on by npm.
    await waitFor(() => performance.now() - toldAt > 600, 'a moment');
    expect(child.exitCode).to.equal(null);
    child.kill('SIGINT');

    expect((await ended()).code).to.equal(1);
    await nothingIsLeft();
  });

  it('takes the same Ctrl-C twice for one, as npm hands it on, and ends in good order though the show changes', async () => {
    const { child, page, ended } = launch('--faults');
    const url = await page();
    const changed = fetch(`${url}stage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: '{"kind":"time"}',
    }).catch(() => null);
    await waitFor(
      async () => (await readdir(folder)).filter((name) => name.startsWith('triage-demo-')).length > 1,
      'the folder of the next show',
    );

    child.kill('SIGINT');
    await waitFor(async () => !(await answers(url)), 'the first to be heard');
    child.kill('SIGINT');

    expect((await ended()).code).to.equal(0);
    await changed;
    await nothingIsLeft();
  });

  async function pidOfDaemon(): Promise<number | undefined> {
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      if (command.includes('src/main.ts') && environment.includes(folder)) return Number(pid);
    }
    return undefined;
  }

  it('shows an export, and says what came of it: a request and a card a top-level message, none doubled', async () => {
    const directory = join(folder, 'export');
    await mkdir(join(directory, 'general'), { recursive: true });
    const write = (name: string, content: unknown): Promise<void> =>
      writeFile(join(directory, name), JSON.stringify(content));
    await write('users.json', [
      { id: 'U0ONE', name: 'one' },
      { id: 'U0TWO', name: 'two' },
    ]);
    await write('channels.json', [{ id: 'C0GENERAL', name: 'general' }]);
    const at = (second: number): string => `15463008${String(second).padStart(2, '0')}.000100`;
    await write('general/2019-01-01.json', [
      { type: 'message', user: 'U0ONE', text: 'How do I &lt;install&gt; it?', ts: at(1), thread_ts: at(1) },
      { type: 'message', user: 'U0TWO', text: 'With `npm`', ts: at(2), thread_ts: at(1) },
      { type: 'message', user: 'U0GONE', text: 'It <@U0ONE> crashes', ts: at(3) },
      { type: 'message', subtype: 'channel_join', user: 'U0TWO', text: 'joined', ts: at(4) },
    ]);
    await write('general/2019-01-02.json', [{ type: 'message', user: 'U0TWO', text: 'Next day', ts: at(9) }]);

    const { child, output, page, ended } = launch('--export', directory);
    const url = await page();
    await waitFor(() => output.text.includes('Slack calls/request'), 'the counts', PATIENCE_MS);

    expect(output.text).to.match(/^messages +4$/m);
    expect(output.text).to.match(/^requests +3$/m);
    expect(output.text).to.match(/^cards +3$/m);
    expect(output.text).to.match(/^duplicates +0$/m);
    const { stage, open } = await stateOf(url, { channel: 'C0GENERAL' });
    expect(stage.kind).to.equal('export');
    expect(open.messages.map(({ text }) => text)).to.deep.equal([
      'How do I &lt;install&gt; it?',
      'It <@U0ONE> crashes',
      'Next day',
    ]);
    child.kill('SIGINT');
    expect((await ended()).code).to.equal(0);
    await nothingIsLeft();
  });

  it('says in one line what is wrong with an export', async () => {
    const { code, lines } = await launch('--export', folder).ended();

    expect(code).to.equal(1);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include('users.json');
  });

  it('says in one line that its port is taken, and leaves nothing', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    try {
      const { code, lines } = await launch('--port', String(port)).ended();

      expect(code).to.equal(1);
      expect(lines).to.have.length(1);
      expect(lines[0]).to.include(`port ${port} is taken`);
      await nothingIsLeft();
    } finally {
      other.close();
    }
  });

  it('tells how it is used, and starts nothing', async () => {
    const { code, lines } = await launch('--help').ended();
    expect(code).to.equal(0);
    for (const option of ['--faults', '--export DIR', '--port N'])
      expect(lines.join('\n')).to.include(option);
    expect(lines.join('\n')).to.not.include('http');
  });

  it('says in one line what a wrong option is', async () => {
    for (const [args, words] of [
      [['--port', 'x'], '--port'],
      [['--fault'], '--fault'],
    ] as const) {
      const { code, lines } = await launch(...args).ended();
      expect(code).to.equal(1);
      expect(lines).to.have.length(1);
      expect(lines[0]).to.include(words);
    }
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}
