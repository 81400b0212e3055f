/** The page as the browser gets it: one script and one style sheet, made in memory when the server starts. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ENTRY = fileURLToPath(new URL('../page/main.tsx', import.meta.url));

export interface Page {
  readonly html: string;
  readonly icon: string;
  readonly js: string;
  readonly css: string;
}

/** @param entry the page's first file; rejects with one line a mistake in it */
export async function bundlePage(entry: string = ENTRY): Promise<Page> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    outdir: '/',
    format: 'esm',
    target: 'es2023',
    platform: 'browser',
    jsx: 'automatic',
    minify: true,
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.css': 'css' },
    logLevel: 'silent',
  });
  const textOf = (ending: string): string =>
    outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  return { html: HTML, icon: ICON, js: textOf('.js'), css: textOf('.css') };
}

/** Three things in a line, one of them taken up. */
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20">
<rect width="20" height="20" rx="4" fill="#1d2433"/>
<rect x="3" y="3.5" width="14" height="3.6" rx="1.8" fill="#ff8a5c"/>
<rect x="3" y="8.3" width="10" height="3.6" rx="1.8" fill="#ffd166"/>
<rect x="3" y="13.1" width="6" height="3.6" rx="1.8" fill="#4fd1a5"/>
<path fill="none" stroke="#fff" stroke-width="1.9" stroke-linecap="round" d="m11.5 14.9 1.9 1.9 3.6-4"/>
</svg>
`;

const HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>TrIAge in a local Slack</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" type="image/svg+xml" href="/icon.svg">
<link rel="stylesheet" href="/page.css">
<script type="module" src="/page.js"></script>
</head>
<body>
<div id="root"></div>
<noscript>This page is a program: switch JavaScript on.</noscript>
</body>
</html>
`;
