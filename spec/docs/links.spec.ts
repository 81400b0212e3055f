import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { describe, it } from 'mocha';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const guides = ['README.md', ...globSync('docs/**/*.md', { cwd: ROOT })];
const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** As GitHub makes them of headings. */
const anchorsOf = (path: string): readonly string[] =>
  [...textOf(path).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe('the guides', () => {
  it('link to files and headings that there are', () => {
    const broken: string[] = [];
    let count = 0;
    for (const guide of guides)
      for (const [, target = ''] of textOf(guide).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        count += 1;
        const [file = '', anchor] = target.split('#');
        const path = file === '' ? guide : relative(ROOT, join(ROOT, dirname(guide), file));
        const isThere = existsSync(join(ROOT, path));
        if (!isThere || (anchor !== undefined && !anchorsOf(path).includes(anchor)))
          broken.push(`${guide}: ${target}`);
      }
    expect(count).to.be.above(20);
    expect(broken).to.deep.equal([]);
  });

  it('name scripts, specs and files of the project that there are', () => {
    const scripts: unknown = JSON.parse(textOf('package.json'));
    const known = Object.keys((scripts as { scripts: object }).scripts);
    const wrong = guides.flatMap((guide) => [
      ...[...textOf(guide).matchAll(/npm run ([a-z:-]+[a-z])/g)]
        .filter(([, name = '']) => !known.includes(name))
        .map(([all]) => `${guide}: ${all}`),
      ...[...textOf(guide).matchAll(/`((?:src|spec|config|docs)\/[\w./-]+\.\w+)/g)]
        .filter(([, path = '']) => !existsSync(join(ROOT, path)))
        .map(([, path]) => `${guide}: ${path}`),
    ]);
    expect(wrong).to.deep.equal([]);
  });
});
