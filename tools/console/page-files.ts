import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

export type PageFile = { type: string; contents: string | Uint8Array };

const folder = join(import.meta.dirname, 'page');

const types: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

/** The files of the page by their path, bundled from its sources. */
export async function bundlePage(): Promise<Map<string, PageFile>> {
  const { outputFiles } = await build({
    entryPoints: { page: join(folder, 'main.tsx'), style: join(folder, 'page.css') },
    outdir: folder,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2024',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    write: false,
  });
  const built = outputFiles.map(({ path, contents }) => {
    const name = path.slice(folder.length + 1);
    return [`/${name}`, { type: types[name.split('.').at(-1) ?? ''] ?? 'text/plain', contents }] as const;
  });
  const html = await readFile(join(folder, 'index.html'), 'utf8');
  const icon = await readFile(join(folder, 'icon.svg'), 'utf8');
  return new Map<string, PageFile>([
    ['/', { type: 'text/html; charset=utf-8', contents: html }],
    ['/icon.svg', { type: 'image/svg+xml', contents: icon }],
    ...built,
  ]);
}
