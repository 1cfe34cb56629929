import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod/mini';
import { action, NotDone } from '../../../tools/console/act.ts';
import { type Ready, startConsole } from '../../../tools/console/console.ts';

const page = new Map([['/', { type: 'text/html; charset=utf-8', contents: '<title>The page</title>' }]]);

/** The console on a free port until the test ends, with a page of one line. */
const startTestConsole = async () => {
  const started = await startConsole({ port: 0, page });
  onTestFinished(started.close);
  const { url } = started;
  return {
    ...started,
    /** Performs an action as the page does, unless the headers say otherwise. */
    perform: (name: string, body: unknown, headers: Record<string, string> = {}) =>
      fetch(`${url}/actions/${name}`, {
        method: 'POST',
        headers: { origin: url, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
  };
};

/** What a console gets that has nothing to show. */
const nothing: Ready['read'] = () => new Promise(() => {});

const actions = {
  greet: action(z.object({ name: z.string() }), async ({ name }) => `Hello ${name}`),
  refuse: action(z.object({}), async () => {
    throw new NotDone('Not today');
  }),
  fail: action(z.object({}), async () => {
    throw new Error('out of order');
  }),
};

test('the health check is 503 until everything is up, then 200', async () => {
  const { url, ready } = await startTestConsole();
  const starting = await fetch(`${url}/healthz`);
  expect([starting.status, await starting.json()]).toEqual([503, { status: 'starting' }]);
  ready({ read: nothing, actions });
  const up = await fetch(`${url}/healthz`);
  expect([up.status, await up.json()]).toEqual([200, { status: 'ok' }]);
});

test('the page is there while everything starts, and may load nothing from elsewhere', async () => {
  const { url } = await startTestConsole();
  const response = await fetch(url);
  expect(await response.text()).toContain('The page');
  expect(response.headers.get('content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
});

test('there is nothing else', async () => {
  const { url, ready, perform } = await startTestConsole();
  ready({ read: nothing, actions });
  expect((await fetch(`${url}/other`)).status).toBe(404);
  expect((await fetch(url, { method: 'POST' })).status).toBe(405);
  expect((await perform('other', {})).status).toBe(404);
  expect((await perform('toString', {})).status).toBe(404);
});

test('the page has things done', async () => {
  const { ready, perform } = await startTestConsole();
  expect((await perform('greet', { name: 'Ada' })).status).toBe(503);
  ready({ read: nothing, actions });
  const answers = await Promise.all([
    perform('greet', { name: 'Ada' }),
    perform('greet', { name: 7 }),
    perform('refuse', {}),
    perform('fail', {}),
  ]);
  expect(await Promise.all(answers.map(async (each) => [each.status, await each.json()]))).toEqual([
    [200, { done: 'Hello Ada' }],
    [
      422,
      {
        error: 'The request is invalid: name: Invalid input: expected string, received number',
        faults: [{ field: 'name', message: 'Invalid input: expected string, received number' }],
      },
    ],
    [409, { error: 'Not today' }],
    [502, { error: 'That did not work: out of order' }],
  ]);
});

test('a body that is no JSON, or too large, is refused', async () => {
  const { ready, perform } = await startTestConsole();
  ready({ read: nothing, actions });
  expect((await perform('greet', {}, { 'content-type': 'text/plain' })).status).toBe(415);
  expect((await perform('greet', { name: 'a'.repeat(400_000) })).status).toBe(413);
});

test('only a page of this very server may act', async () => {
  const { url, ready, perform } = await startTestConsole();
  ready({ read: nothing, actions });
  for (const origin of ['https://evil.example', 'null', url.replace('127.0.0.1', 'localhost')]) {
    expect([origin, (await perform('greet', { name: 'Eve' }, { origin })).status]).toEqual([origin, 403]);
  }
  const withoutOrigin = await fetch(`${url}/actions/greet`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name":"Eve"}',
  });
  expect(withoutOrigin.status).toBe(403);
});
