import { request } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../../../tools/aws/listen.ts';

/** The status of a request with headers that fetch would not let a caller choose. */
const statusFor = (url: string, headers: Record<string, string>, method = 'GET') =>
  new Promise<number | undefined>((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      resolve(response.statusCode);
      response.destroy();
    });
    sent.on('error', reject).end();
  });

const start = async () => {
  const reached: string[] = [];
  const { url, close } = await listen(({ url = '' }, response) => {
    reached.push(url);
    response.end();
  }, 0);
  onTestFinished(close);
  return { url, port: new URL(url).port, reached };
};

test('a program on this machine is answered, by both names of the machine', async () => {
  const { url, port } = await start();
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LocalHost:${port}`])
    expect([host, await statusFor(url, { host }, 'POST')]).toEqual([host, 200]);
});

test('a foreign name that leads here (DNS rebinding) reaches nothing', async () => {
  const { url, port, reached } = await start();
  for (const host of [
    `rebound.example:${port}`,
    `127.0.0.1:${Number(port) + 1}`,
    '127.0.0.1',
    'localhost',
    '',
  ])
    expect([host, await statusFor(url, { host, origin: `http://${host}` })]).toEqual([host, 403]);
  expect(reached).toEqual([]);
});

test.each(['https://evil.example', 'null', 'http://localhost:1', 'http://127.0.0.1', ''])(
  'a page of the origin %j reaches nothing',
  async (origin) => {
    const { url, reached } = await start();
    for (const method of ['GET', 'POST', 'OPTIONS'])
      expect([method, await statusFor(url, { origin }, method)]).toEqual([method, 403]);
    expect(await statusFor(url, { origin, expect: '100-continue' }, 'POST')).toBe(403);
    expect(reached).toEqual([]);
  },
);

test('a page of the server itself is answered', async () => {
  const { url, port } = await start();
  expect(await statusFor(url, { origin: url, 'sec-fetch-site': 'same-origin' }, 'POST')).toBe(200);
  const localhost = `localhost:${port}`;
  expect(await statusFor(url, { host: localhost, origin: `http://${localhost}` }, 'POST')).toBe(200);
  expect(await statusFor(url, { host: localhost, origin: url }, 'POST')).toBe(403);
});

test('an image or a script of another page, which names no origin, is refused; a followed link is not', async () => {
  const { url } = await start();
  const from = (site: string, mode: string) =>
    statusFor(url, { 'sec-fetch-site': site, 'sec-fetch-mode': mode });
  expect(await from('cross-site', 'no-cors')).toBe(403);
  expect(await from('same-site', 'no-cors')).toBe(403);
  expect(await from('cross-site', 'navigate')).toBe(200);
  expect(await from('none', 'navigate')).toBe(200);
});
