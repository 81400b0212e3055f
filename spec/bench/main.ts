/**
 * `npm run bench`: TrIAge beside what a user would take instead, interleaved in one run. `--only press,acks` measures some
 * sections, `--rounds 5` more rounds; `--write` puts the table of a full run into docs/performance.md.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openBench } from './bench.ts';
import { type Judged, judge, medians } from './section.ts';
import { SECTIONS } from './sections.ts';
import type { Figures } from './stats.ts';
import { figuresTable, rowsTable, withBlock } from './table.ts';

const DOCUMENT = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    write: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const keys = values.only?.split(',') ?? SECTIONS.map(({ key }) => key);
const unknown = keys.filter((key) => !SECTIONS.some((section) => section.key === key));
if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write(
    `npm run bench -- [--only ${SECTIONS.map(({ key }) => key).join(',')}] [--rounds N] [--write]\n`,
  );
  process.exit(1);
}
if (values.write && (values.only !== undefined || rounds < 3)) {
  process.stderr.write('--write wants all sections and three rounds at least\n');
  process.exit(1);
}

const begin = performance.now();
const say = (text: string): void => {
  process.stderr.write(`${((performance.now() - begin) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);
};

/** Sections one after the other within a round, so that each contender meets the machine at different times. */
async function measure(): Promise<{ readonly block: string }> {
  const bench = await openBench();
  try {
    const opened = [];
    for (const section of SECTIONS.filter(({ key }) => keys.includes(key))) {
      say(`${section.key}: preparing`);
      opened.push({ section, running: await section.open(bench), found: [] as Figures[] });
    }
    for (let round = 1; round <= rounds; round += 1) {
      for (const { section, running, found } of opened) {
        say(`${section.key}: round ${round} of ${rounds}`);
        found.push(await running.round());
      }
    }
    for (const { running } of opened) await running.close();
    const rows: Judged[] = opened.flatMap(({ section, found }) =>
      section.rows.map((row) => judge(row, found)),
    );
    const figures = opened.flatMap(({ found }) => medians(found));
    const [cpu] = cpus();
    const machine = `${cpus().length} × ${cpu?.model.trim() ?? 'unknown processor'}, Node ${process.versions.node}, PostgreSQL: ${bench.server.settings}`;
    return {
      block: `${new Date().toISOString().slice(0, 10)}, ${rounds} rounds; ${machine}\n\n${rowsTable(rows)}\n\n${figuresTable(figures)}`,
    };
  } finally {
    await bench.close();
  }
}

const { block } = await measure();
process.stdout.write(`${block}\n`);
if (values.write) await writeFile(DOCUMENT, withBlock(await readFile(DOCUMENT, 'utf8'), block));
say('done');
