import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { bundlePage } from './page-bundle.ts';

describe('the page as the browser gets it', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'face-spec-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('is one script and one style, made for use and not for development', async () => {
    await writeFile(join(folder, 'part.ts'), 'export const words: string = process.env.NODE_ENV;');
    await writeFile(join(folder, 'look.css'), '.a { color: red }');
    await writeFile(
      join(folder, 'main.tsx'),
      `import './look.css';\nimport { words } from './part.ts';\nalert(words);`,
    );
    const { html, js, css } = await bundlePage(join(folder, 'main.tsx'));
    expect(js)
      .to.include('"production"')
      .and.not.match(/\bimport\b/);
    expect(css).to.include('.a{color:red}');
    expect(html)
      .to.include('src="/page.js"')
      .and.include('href="/page.css"')
      .and.not.match(/https?:/);
  });

  it('is not made of a mistake', async () => {
    await writeFile(join(folder, 'wrong.tsx'), 'const = 1;');
    const error: unknown = await bundlePage(join(folder, 'wrong.tsx')).catch((each: unknown) => each);
    expect(String(error)).to.include('wrong.tsx:1');
  });
});
