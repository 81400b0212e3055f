import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { waitFor } from '../../support/wait-for.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

describe('npm run demo', function () {
  this.timeout(120_000);
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'demo-spec-'));
    // As root, PostgreSQL's account has to get through here.
    await chmod(folder, 0o755);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Everything that the demo makes lies under `folder`, which tells its processes from those of others. */
  function launch(...args: string[]) {
    const child = spawn(process.execPath, [MAIN, ...args], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const output = { text: '' };
    child.stdout.on('data', (chunk: Buffer) => (output.text += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output.text += chunk.toString()));
    return { child, output };
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

  it('plays to its end though the daemon is killed in its middle, does what is typed, and leaves nothing', async () => {
    const { child, output } = launch();
    await waitFor(() => output.text.includes('That was the play'), 'the end of the play', 90_000);
    expect(output.text).to.match(/3 requests, 3 cards/);
    child.stdin.write('uli dm The blinds are stuck\n');
    await waitFor(() => /#4 · The blinds are stuck/.test(output.text), 'the card of what was typed', 20_000);
    child.stdin.write('ana press #4 Take it\nana press #44 Take it\nnobody dm x\n');
    await waitFor(
      () =>
        output.text.includes('Ana has #4 now') &&
        output.text.includes('There is no card #44.') &&
        output.text.includes('Begin with who does it'),
      'what came of it',
      20_000,
    );
    expect(await processes()).to.have.length.above(1);

    child.kill('SIGINT');
    const [code] = (await once(child, 'close')) as [number | null];

    expect(code).to.equal(0);
    await waitFor(async () => (await processes()).length === 0, 'every process to be gone');
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it('replays an export: a request and a card a top-level message, none doubled', async () => {
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

    const { child, output } = launch('--export', directory);
    const [code] = (await once(child, 'close')) as [number | null];

    expect(code, output.text).to.equal(0);
    expect(output.text).to.match(/^messages +4$/m);
    expect(output.text).to.match(/^requests +3 \(database\)$/m);
    expect(output.text).to.match(/^cards +3 \(Slack\), 3 \(database\)$/m);
    expect(output.text).to.match(/^duplicates +0$/m);
    expect(await processes()).to.deep.equal([]);
  });

  it('says in one line what is wrong with an export', async () => {
    const { child, output } = launch('--export', folder);
    const [code] = (await once(child, 'close')) as [number | null];

    expect(code).to.equal(1);
    expect(output.text.trim().split('\n')).to.have.length(1);
    expect(output.text).to.include('users.json');
  });
});
