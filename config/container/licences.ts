import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What we may pass on inside an image under our own licence, with the author's notice; anything else has to be looked at. */
const ALLOWED: readonly string[] = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD'];

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** Its own words; empty when the package carries none. */
  readonly text: string;
}

/**
 * The licences of our own code and of every npm package of which one of these files is a part (paths from `root`): a line
 * each, then the texts. Throws for a package whose licence is not on the list.
 */
export async function licencesOf(root: string, files: readonly string[]): Promise<string> {
  const folders = new Set(files.map(packageFolder).filter((folder) => folder !== undefined));
  const packages = await Promise.all([...folders].map((folder) => readPackage(join(root, folder))));
  const unknown = packages.filter(({ license }) => !ALLOWED.includes(license));
  if (unknown.length > 0)
    throw new Error(
      `not on the list of licences: ${unknown.map(titleOf).join(', ')} (config/container/licences.ts)`,
    );
  const sorted = [await readPackage(root), ...packages.toSorted((a, b) => a.name.localeCompare(b.name))];
  const texts = sorted
    .filter(({ text }) => text !== '')
    .map((each) => `\n---- ${titleOf(each)}\n\n${each.text}\n`);
  return [...sorted.map((each) => `${titleOf(each)}\n`), ...texts].join('');
}

const titleOf = ({ name, version, license }: Package): string => `${name} ${version} ${license}`;

/** The folder of the innermost package: `node_modules/a/node_modules/b/x.js` is of b. */
function packageFolder(file: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

async function readPackage(folder: string): Promise<Package> {
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const field = (name: string): string => {
    const value: unknown = Object.entries(manifest ?? {}).find(([key]) => key === name)?.[1];
    return typeof value === 'string' ? value : 'unknown';
  };
  const file = (await readdir(folder)).find((name) => /^licen[cs]e/i.test(name));
  const text = file === undefined ? '' : (await readFile(join(folder, file), 'utf8')).trim();
  return { name: field('name'), version: field('version'), license: field('license'), text };
}
