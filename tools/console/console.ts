/** The console of the local run: its health, and a page that shows what happens and makes things happen. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { listen, type Running } from '../aws/listen.ts';
import { type Act, act } from './act.ts';
import { createFeed } from './feed.ts';
import type { bundlePage } from './page-files.ts';
import { isSameOrigin, namesThisServer } from './same-origin.ts';
import type { Answer, State } from './state.ts';

/** What the page stands on once everything is up. */
export type Ready = {
  read: () => Promise<State>;
  actions: Record<string, Act>;
};

export type Console = Running & {
  /** From now on the health check is 200, and the page is alive. */
  ready: (run: Ready) => void;
  /** Something happened that the page may want to show at once. */
  wake: () => void;
};

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

export async function startConsole(options: {
  port: number;
  page: Awaited<ReturnType<typeof bundlePage>>;
}): Promise<Console> {
  const { port, page } = options;
  let run: Ready | undefined;
  const feed = createFeed(async () => run?.read());

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/healthz') return health(response);
    if (!namesThisServer(request)) return plain(response, 403, 'This is no name of the local run');
    if (request.method === 'POST' && pathname.startsWith('/actions/')) {
      if (!isSameOrigin(request))
        return plain(response, 403, 'Actions are for the page of the local run alone');
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
}

function plain(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { ...securityHeaders, 'content-type': 'text/plain' }).end(`${message}\n`);
}

function answer(response: ServerResponse, [status, value]: [number, Answer]): void {
  response
    .writeHead(status, { ...securityHeaders, 'content-type': 'application/json' })
    .end(JSON.stringify(value));
}
