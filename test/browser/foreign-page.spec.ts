import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { listen } from '../../tools/aws/listen.ts';
import { launchBrowser } from '../../tools/browser.ts';
import { choosePorts } from '../../tools/local/ports.ts';
import { type ProjectCopy, startProjectCopy } from './project-copy.ts';

let browser: Browser;
let project: ProjectCopy;

beforeAll(async () => {
  [browser, project] = await Promise.all([launchBrowser(), startProjectCopy()]);
  await project.isHealthy();
});

afterAll(async () => {
  await Promise.all([browser.close(), project.stop()]);
});

const portsOf = ({ url }: ProjectCopy) => choosePorts({ LOCAL_PORT: new URL(url).port });

/** A page of another origin than any of the local run, and what comes back to it, as the browser sees it. */
const openForeignPage = async () => {
  const site = await listen((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Another shop</title>');
  }, 0);
  onTestFinished(site.close);
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  await page.goto(site.url);
  const statuses: number[] = [];
  page.on('response', (response) => statuses.push(response.status()));
  return { origin: site.url, page, statuses };
};

interface Init {
  method?: string;
  mode?: 'no-cors';
  headers?: Record<string, string>;
  body?: string;
}

/** The status of an answer that the page may read, or what kept it from that. */
const ask = (page: Page, url: string, init: Init): Promise<unknown> =>
  page.evaluate(
    ([url, init]) =>
      fetch(url, init)
        .then(({ status, type }) => status || type)
        .catch(String),
    [url, init] as const,
  );

const blocked = 'TypeError: Failed to fetch';
const json = { 'content-type': 'application/json' };
const fault = JSON.stringify([{ kind: 'reset-before' }]);

test('a page of another origin is answered by none of the seven ports', async () => {
  const { page, statuses } = await openForeignPage();
  const ports = Object.values(portsOf(project));
  expect(ports).toHaveLength(7);
  for (const port of ports) {
    const url = `http://127.0.0.1:${port}`;
    expect([port, await ask(page, url, {})]).toEqual([port, blocked]);
    expect([port, await ask(page, url, { method: 'POST', headers: json, body: '{}' })]).toEqual([
      port,
      blocked,
    ]);
    // These two are sent without a preflight; the page sees nothing of the answer, whatever it is.
    expect(await ask(page, url, { mode: 'no-cors' })).toBe('opaque');
    expect(await ask(page, `${url}/control/faults`, { method: 'POST', mode: 'no-cors', body: fault })).toBe(
      'opaque',
    );
  }
  expect(statuses.filter((status) => status !== 403)).toEqual([]);
  expect(statuses.length).toBeGreaterThanOrEqual(2 * ports.length);
  const faults = await fetch(`http://127.0.0.1:${portsOf(project).brevo}/control/faults`);
  expect(await faults.json()).toEqual([]);
});

test('a page of an origin that bridge.config.ts lists reaches the HTTP API, and nothing else', async () => {
  const { origin, page } = await openForeignPage();
  await project.change('sender: {},', `sender: {}, http: { origins: ['${origin}'] },`);
  onTestFinished(() => project.restore());
  const { httpApi, ...others } = portsOf(project);
  const call = { headers: { authorization: 'Bearer local-token', ...json } };
  const message = JSON.stringify({ visitorId: 'v', text: 'Hello' });
  const url = `http://127.0.0.1:${httpApi}`;
  expect(await ask(page, `${url}/notices`, call)).toBe(200);
  expect(await ask(page, `${url}/pushed-messages`, { ...call, method: 'POST', body: message })).toBe(201);
  for (const port of Object.values(others))
    expect([port, await ask(page, `http://127.0.0.1:${port}`, {})]).toEqual([port, blocked]);

  const preflight = await fetch(`${url}/notices`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'x-other',
    },
  });
  expect([preflight.status, Object.fromEntries(preflight.headers)]).toEqual([
    204,
    expect.objectContaining({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET',
      'access-control-allow-headers': 'authorization, content-type, idempotency-key',
      vary: expect.stringContaining('origin'),
    }),
  ]);
  expect(preflight.headers.has('access-control-allow-credentials')).toBe(false);
});
