/** `npm run soak -- --minutes N --seed S [--daemons 1|2] [--keep DIR]`: exit 1 when a promise was broken. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Finding } from './evidence.ts';
import { FAULTS, type FaultGroup } from './plan.ts';
import { soak } from './run.ts';
import { storyOf } from './story.ts';

/** Of findings of one check, the first tell enough. */
const TOLD_A_CHECK = 3;

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '3' },
    seed: { type: 'string' },
    daemons: { type: 'string', default: '1' },
    keep: { type: 'string' },
    without: { type: 'string', default: '' },
  },
});

function numberOf(name: string, text: string, least: number): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number < least) {
    process.stderr.write(`--${name} must be a number of at least ${least}\n`);
    process.exit(2);
  }
  return number;
}

const minutes = numberOf('minutes', values.minutes, 0.1);
const seed = numberOf('seed', values.seed ?? String(Math.floor(Math.random() * 1e9)), 0);
const daemons = numberOf('daemons', values.daemons, 1);
const hasRedis = spawnSync('redis-server', ['--version']).error === undefined;
const isGroup = (name: string): name is FaultGroup => Object.hasOwn(FAULTS, name);

print(
  `soak of ${minutes} minutes, --seed ${seed}, --daemons ${daemons}, ${hasRedis ? 'with' : 'without'} Redis`,
);
const { findings, journal, startedAt } = await soak({
  minutes,
  seed,
  daemons,
  keep: values.keep === undefined ? null : resolve(values.keep),
  hasRedis,
  without: values.without.split(',').filter(isGroup),
  print,
});

function tell(check: string, found: readonly Finding[]): void {
  print(`\n✗ ${check}: ${found.length}`);
  for (const { what, about } of found.slice(0, TOLD_A_CHECK)) {
    print(`  ${what}`);
    for (const line of storyOf(journal.entries, about, startedAt)) print(`    ${line}`);
  }
  for (const { what } of found.slice(TOLD_A_CHECK, 20)) print(`  ${what}`);
}

for (const [check, found] of Map.groupBy(findings, (finding) => finding.check)) tell(check, found);
print(
  findings.length === 0
    ? '✔ every promise was kept'
    : `\n${findings.length} findings; again with --seed ${seed}`,
);
// The servers are closed; what a library may still hold open must not keep the process.
process.exit(findings.length === 0 ? 0 : 1);
