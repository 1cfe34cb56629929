import { expect, onTestFinished, test } from 'vitest';
import { startConsole } from '../../local/console.ts';

async function start() {
  const page = await startConsole({ port: 0 });
  onTestFinished(page.close);
  return page;
}

test('the health check is 503 until everything is up, then 200', async () => {
  const { url, ready } = await start();
  expect((await fetch(`${url}/healthz`)).status).toBe(503);
  expect(await (await fetch(url)).text()).toContain('Starting');
  ready([]);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test('the page lists what runs where, and takes no text for markup', async () => {
  const { url, ready } = await start();
  ready([{ what: 'SQS', url: 'http://127.0.0.1:4005', note: '<b>queues</b> & more' }]);
  const html = await (await fetch(url)).text();
  expect(html).toContain('http://127.0.0.1:4005');
  expect(html).toContain('&lt;b>queues&lt;/b> &amp; more');
});

test('there is nothing else', async () => {
  const { url } = await start();
  expect((await fetch(`${url}/other`)).status).toBe(404);
});
