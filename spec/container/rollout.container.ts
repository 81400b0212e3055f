import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Outcome, outcomeOf, run } from '../../config/container/run.ts';
import { describeBeside } from './beside.ts';
import { ROOT, waitForDocker } from './engine.ts';
import { openStack, type Stack } from './stack.ts';

/** What of a phase failed. */
const crosses = ({ stdout }: Outcome): readonly string[] =>
  stdout.split('\n').filter((line) => line.startsWith('✗'));

/** The commands of docs/container.md and docs/operating.md, by the variables that an operator has. */
function over(stack: Stack) {
  const backups = join(stack.folder, 'backups');

  async function environment(): Promise<Record<string, string>> {
    const lines = await readFile(join(stack.folder, 'variables.env'), 'utf8');
    return {
      ...Object.fromEntries([...lines.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value])),
      COMPOSE_PROJECT_NAME: stack.project,
      COMPOSE_FILE: `${join(ROOT, 'docker-compose.yml')}:${join(stack.folder, 'spec.yml')}`,
      BACKUPS_DIR: backups,
    };
  }

  const rollout = async (phase: string, more: Record<string, string> = {}): Promise<Outcome> =>
    outcomeOf('node', ['config/container/rollout.ts', phase], {
      cwd: ROOT,
      env: { ...(await environment()), ...more },
    });

  const database = async (...args: readonly string[]): Promise<Outcome> =>
    outcomeOf('sh', ['config/container/database.sh', ...args], { cwd: ROOT, env: await environment() });

  const requests = async (): Promise<number> => Number(await stack.psql('select count(*) from requests'));

  return { backups, rollout, database, requests };
}

/** PostgreSQL cleans up by itself in the middle of anything; here for minutes, on a table that counts for nothing. */
async function vacuumForLong({ psql }: Stack): Promise<void> {
  await psql(`create table swept with (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1,
    autovacuum_vacuum_threshold = 0) as select generate_series(1, 200000) as id`);
  await psql('delete from swept');
  await psql("alter system set autovacuum_naptime = '1s'");
  await psql('select pg_reload_conf()');
  const workers = "select count(*) from pg_stat_activity where backend_type = 'autovacuum worker'";
  await waitForDocker(async () => (await psql(workers)) !== '0', 'a vacuum to run', 60_000);
}

describeBeside('a roll-out, and the database’s backup', {
  open: async () => {
    const stack = await openStack({ probeSeconds: 2 });
    // Writes the variables' file.
    await stack.compose('config', '-q');
    return stack;
  },
  close: (stack) => stack.close(),
  specs: {
    'stops at the first step that fails, before anything runs': async (stack: Stack) => {
      const { rollout, database } = over(stack);
      expect((await database('restore', join(stack.folder, 'variables.env'))).stderr).to.include(
        'PostgreSQL cannot be asked',
      );
      const empty = join(stack.folder, 'no-secrets');
      await mkdir(empty);
      const { code, stdout } = await rollout('production', { SECRETS_DIR: empty });
      expect(code).to.equal(1);
      expect(stdout.trimEnd().split('\n').at(-1)).to.include(
        'is missing: config/container/make-secrets.sh makes it',
      );
      expect(
        await run('docker', ['ps', '-aq', '--filter', `label=com.docker.compose.project=${stack.project}`]),
      ).to.equal('');
    },
    'brings staging up from nothing, sees it come back, and backs it up': async (stack: Stack) => {
      const { backups, rollout } = over(stack);
      const outcome = await rollout('staging');
      expect(crosses(outcome), outcome.stderr).to.deep.equal([]);
      expect(outcome.code).to.equal(0);
      expect(outcome.stdout.match(/^✓/gm)).to.have.length(9);
      expect(await stack.inspect('bot', '{{.RestartCount}}')).to.equal('1');
      expect(await readdir(backups)).to.have.length(1);
    },
    'backs production up before it changes anything, also where it is down': async (stack: Stack) => {
      const { backups, rollout, requests } = over(stack);
      stack.ask('The heron is asked.');
      await stack.cardOf('The heron is asked.');
      await stack.settled();
      await stack.compose('down');
      const outcome = await rollout('production');
      expect(crosses(outcome), outcome.stderr).to.deep.equal([]);
      expect(outcome.code).to.equal(0);
      expect(await readdir(backups)).to.have.length(2);
      expect(await requests()).to.equal(1);
    },
    'says what is wrong with the configuration before it touches the stack': async (stack: Stack) => {
      const { rollout } = over(stack);
      const config = join(stack.folder, 'other-config');
      await cp(join(stack.folder, 'config'), config, { recursive: true });
      const yaml = await readFile(join(config, 'triage.yaml'), 'utf8');
      await writeFile(join(config, 'triage.yaml'), yaml.replace('"@ben"', '"@benn"'));
      const id = await stack.container('bot');
      const outcome = await rollout('production', { CONFIG_DIR: config });
      expect(outcome.code).to.equal(1);
      expect(crosses(outcome).join()).to.match(/^✗ the configuration fits the workspace: .*@benn/);
      expect(await stack.container('bot')).to.equal(id);
      await rm(config, { recursive: true });
    },
    'restores a backup over what is there, and what came after it is read in Slack': async (stack: Stack) => {
      const { database, requests } = over(stack);
      const dump = join(stack.folder, 'triage.dump');
      // What pg-boss makes on its second day: an inherited table, which cannot be dropped by itself.
      await stack.psql('create table parted (id int primary key) partition by range (id)');
      await stack.psql('create table parted_1 partition of parted for values from (0) to (9)');
      expect((await database('backup', dump)).code).to.equal(0);
      stack.ask('The heron is asked again.');
      await stack.cardOf('The heron is asked again.');
      await stack.settled();

      expect((await database('restore', dump)).stderr).to.include('stop every bot first');
      await stack.compose('stop', 'bot');
      await writeFile(`${dump}.cut`, (await readFile(dump)).subarray(0, 20_000));
      expect((await database('restore', `${dump}.cut`)).stderr).to.include('nothing was changed');
      expect(await requests()).to.equal(2);
      await vacuumForLong(stack);
      const restored = await database('restore', dump);
      expect(restored.code, restored.stderr).to.equal(0);
      expect(await requests()).to.equal(1);
      expect((await database('drop-before')).code).to.equal(0);
      expect(
        await stack.psql("select string_agg(datname, ' ' order by datname::text) from pg_database"),
      ).to.equal('postgres template0 template1 triage');

      await stack.compose('up', '-d', '--no-build');
      await stack.untilReady();
      await stack.slack.waitFor(
        () => stack.cards('The heron is asked again.').length === 2,
        'what came after the backup to be read',
        60_000,
      );
      await stack.settled();
      expect(stack.cards('The heron is asked.')).to.have.length(1);
    },
  },
});
