/** The page as the browser gets it: one script and one style sheet, made in memory when the server starts. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ENTRY = fileURLToPath(new URL('../page/main.tsx', import.meta.url));

export interface Page {
  readonly html: string;
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
  return { html: HTML, js: textOf('.js'), css: textOf('.css') };
}

const HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>TrIAge in a local Slack</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="/page.css">
<script type="module" src="/page.js"></script>
</head>
<body>
<div id="root"></div>
<noscript>This page is a program: switch JavaScript on.</noscript>
</body>
</html>
`;
