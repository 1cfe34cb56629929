/** The console of the local run: its health, and a page that shows what happens and makes things happen. */
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { build } from 'esbuild';
import { listen, type Running } from '../aws/listen.ts';
import { type Act, act } from './act.ts';
import { createFeed } from './feed.ts';
import type { Answer, State } from './state.ts';

/** What the page stands on once everything is up. */
export interface Ready {
  read: () => Promise<State>;
  actions: Record<string, Act>;
}

export interface Console extends Running {
  /** From now on the health check is 200, and the page is alive. */
  ready: (run: Ready) => void;
  /** Something happened that the page may want to show at once. */
  wake: () => void;
}

const securityHeaders = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

const largestBodyBytes = 300_000;

/** @throws Error with code EADDRINUSE when the port is taken */
export const startConsole = async ({ port, page }: { port: number; page: PageFiles }): Promise<Console> => {
  let run: Ready | undefined;
  const feed = createFeed(async () => run?.read());

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/healthz') return health(response);
    if (request.method === 'POST' && pathname.startsWith('/actions/')) {
      // Browsers name the origin in each POST, and one of another origin has been refused already.
      if (request.headers.origin === undefined)
        return plain(response, 403, 'Only the page of the local run may perform actions');
      return answer(response, await perform(pathname.slice('/actions/'.length), request));
    }
    if (request.method !== 'GET') return plain(response, 405, 'Not allowed');
    if (pathname === '/events') return feed.add(response);
    const file = page.get(pathname);
    if (file === undefined) return plain(response, 404, 'Not found');
    response.writeHead(200, { ...securityHeaders, 'content-type': file.type }).end(file.contents);
  };

  const health = (response: ServerResponse): void => {
    response
      .writeHead(run ? 200 : 503, { 'content-type': 'application/json' })
      .end(JSON.stringify({ status: run ? 'ok' : 'starting' }));
  };

  const perform = async (name: string, request: IncomingMessage): Promise<[number, Answer]> => {
    if (run === undefined) return [503, { error: 'Everything is still starting.' }];
    const action = Object.hasOwn(run.actions, name) ? run.actions[name] : undefined;
    if (action === undefined) return [404, { error: `There is no action ${name}.` }];
    const { 'content-type': type = '', 'content-length': length = '0' } = request.headers;
    if (!type.startsWith('application/json')) return [415, { error: 'The body must be JSON.' }];
    if (Number(length) > largestBodyBytes) return [413, { error: 'The body is too large.' }];
    const done = await act(action, await json(request).catch(() => undefined));
    feed.wake();
    return done;
  };

  const running = await listen((request, response) => {
    respond(request, response).catch((error: unknown) => {
      console.error('console:', error);
      if (!response.headersSent) plain(response, 500, 'Something went wrong');
    });
  }, port);
  return {
    url: running.url,
    ready: (started) => {
      run = started;
      feed.wake();
    },
    wake: feed.wake,
    close: async () => {
      feed.close();
      await running.close();
    },
  };
};

const plain = (response: ServerResponse, status: number, message: string): void => {
  response.writeHead(status, { ...securityHeaders, 'content-type': 'text/plain' }).end(`${message}\n`);
};

const answer = (response: ServerResponse, [status, value]: [number, Answer]): void => {
  response
    .writeHead(status, { ...securityHeaders, 'content-type': 'application/json' })
    .end(JSON.stringify(value));
};

interface PageFile {
  type: string;
  contents: string | Uint8Array;
}

const folder = join(import.meta.dirname, 'page');

const types: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

/** The files of the page by their path. */
export type PageFiles = ReadonlyMap<string, PageFile>;

/** Bundles the page from its sources. */
export const bundlePage = async (): Promise<PageFiles> => {
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
};
