import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { VARIABLES } from '../src/config/variables.ts';
import { configTable } from '../src/config.ts';
import { HANDLERS } from '../src/handlers/index.ts';
import type { EventKind } from '../src/slack/event.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A part may import itself and what stands on a lower line; parts of one line meet only in `app`. */
const LAYERS: readonly (readonly string[])[] = [
  ['domain', 'errors', 'clock'],
  ['config', 'logger', 'service'],
  ['store', 'cache', 'watchdog'],
  ['queue', 'slack'],
  ['handlers', 'jobs', 'outbox', 'catch-up'],
  ['inbox', 'socket', 'health'],
  ['app'],
  ['main'],
];

interface Source {
  /** From the root, as `src/inbox/inbox.ts`. */
  readonly path: string;
  readonly text: string;
}

function sources(folder: string): readonly Source[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ path: join(folder, name), text: readFileSync(join(ROOT, folder, name), 'utf8') }));
}

/** The part that a file belongs to: its folder in src, or its own name there. */
function partOf(path: string): string {
  return (relative('src', path).split('/')[0] ?? '').replace(/\.ts$/, '');
}

function layerOf(part: string): number {
  return LAYERS.findIndex((parts) => parts.includes(part));
}

function wrongImports({ path, text }: Source): readonly string[] {
  const own = partOf(path);
  return [...text.matchAll(/\bfrom '(\.[^']+)'|\bimport\('(\.[^']+)'\)/g)]
    .map((match) => relative(ROOT, resolve(ROOT, dirname(path), match[1] ?? match[2] ?? '')))
    .filter((target) => partOf(target) !== own && layerOf(partOf(target)) >= layerOf(own))
    .map((target) => `${path} imports ${target}`);
}

function wrongNames({ path }: Source): readonly string[] {
  const name = basename(path).replace(/(\.spec|\.redis|\.container|\.browser|\.d)?\.ts$/, '');
  const isKebab = /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name);
  return isKebab && !['utils', 'helpers', 'common'].includes(name) ? [] : [path];
}

function tooLong({ path, text }: Source, most: number): readonly string[] {
  const lines = text.split('\n').length - 1;
  return lines > most ? [`${path}: ${lines}`] : [];
}

/** Migrations that are not numbered 1, 2, 3 … without a gap. */
function misnumbered(names: readonly string[]): readonly string[] {
  return names
    .toSorted()
    .filter((name, index) => Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(name)?.[1]) !== index + 1);
}

describe('the house rules', () => {
  const src = sources('src');
  const spec = sources('spec');

  it('every part of src has its layer', () => {
    expect(
      [...new Set(src.map(({ path }) => partOf(path)))].filter((part) => layerOf(part) === -1),
    ).to.deep.equal([]);
  });

  it('imports go down, never sideways or up', () => {
    expect(src.flatMap(wrongImports)).to.deep.equal([]);
    expect(
      wrongImports({ path: 'src/inbox/a.ts', text: "import type { B } from '../socket/b.ts';" }),
    ).to.have.length(1);
    expect(
      wrongImports({ path: 'src/domain/a.ts', text: "import { b } from '../store/b.ts';" }),
    ).to.have.length(1);
    expect(
      wrongImports({ path: 'src/store/a.ts', text: "import { b } from '../domain/b.ts';" }),
    ).to.deep.equal([]);
  });

  it('files have kebab-case names that say something, and end before they are too long', () => {
    expect([...src, ...spec].flatMap(wrongNames)).to.deep.equal([]);
    expect(src.flatMap((one) => tooLong(one, 400))).to.deep.equal([]);
    expect(wrongNames({ path: 'src/fooBar.ts', text: '' })).to.have.length(1);
    expect(wrongNames({ path: 'src/store/utils.ts', text: '' })).to.have.length(1);
    expect(tooLong({ path: 'a.ts', text: 'x\n'.repeat(401) }, 400)).to.have.length(1);
  });

  it('only the configuration reads the environment', () => {
    const readers = src.filter(({ text }) => /\bprocess\.env\b/.test(text)).map(({ path }) => partOf(path));

    expect(readers.filter((part) => part !== 'config')).to.deep.equal([]);
    expect(readers).to.not.have.length(0);
  });

  it('only health knows prom-client, and only the files of it that are cheap to load', () => {
    const imports = src.flatMap(({ path, text }) =>
      [...text.matchAll(/ from '(prom-client[^']*)'/g)].map((match) => ({
        part: partOf(path),
        path,
        file: match[1],
      })),
    );
    const wrong = imports.filter(
      ({ part, path, file }) =>
        part !== 'health' || (file === 'prom-client' && !path.endsWith('/prom-client.d.ts')),
    );

    expect(wrong).to.deep.equal([]);
    expect(imports).to.not.have.length(0);
  });

  it('every kind of event has its handler', () => {
    const kinds = [
      ...(src.find(({ path }) => path === 'src/slack/event.ts')?.text ?? '').matchAll(
        /readonly kind: '(\w+)'/g,
      ),
    ]
      .map((match) => match[1])
      .filter((kind): kind is EventKind => kind !== undefined);

    expect(Object.keys(HANDLERS).toSorted()).to.deep.equal([...new Set(kinds)].toSorted());
  });

  it('migrations are numbered without a gap', () => {
    const names = readdirSync(join(ROOT, 'src/store/migrations'));

    expect(names).to.not.have.length(0);
    expect(misnumbered(names)).to.deep.equal([]);
    expect(misnumbered(['0001-a.sql', '0003-b.sql'])).to.deep.equal(['0003-b.sql']);
    expect(misnumbered(['0001-a.sql', '0001-b.sql'])).to.deep.equal(['0001-b.sql']);
  });

  it("README's configuration table is the schema's, and .env.example names every variable", () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const example = readFileSync(join(ROOT, '.env.example'), 'utf8');
    const named = new Set([...example.matchAll(/^#? ?([A-Z][A-Z_]+)=/gm)].map((match) => match[1]));

    expect(readme).to.include(configTable().trim());
    expect(
      [...named].filter((name): name is string => name !== undefined && !name.endsWith('_FILE')).toSorted(),
    ).to.deep.equal(Object.keys(VARIABLES).toSorted());
  });
});
