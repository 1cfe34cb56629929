import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../../tools/aws/listen.ts';
import { choosePorts, requireFreePorts } from '../../tools/local/ports.ts';
import { freeBase, newDirectory, root, runLocally, stop, untilHealthy } from '../support/local-run.ts';

const timeOut = 120_000;

/** What a web page could have a browser on this machine send. */
const foreign = (port: number) =>
  [
    ['another host', { host: `rebound.example:${port}`, origin: `http://rebound.example:${port}` }],
    ['another origin', { origin: 'https://shop.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:3000' }],
    ['no origin', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
  ] as const;

/** The status of a POST with headers that fetch would not let a caller choose. */
const statusFor = async (port: number, headers: Record<string, string>) => {
  const sent = request({ host: '127.0.0.1', port, method: 'POST', path: '/', headers }).end();
  const [response]: IncomingMessage[] = await once(sent, 'response');
  response?.destroy();
  return response?.statusCode;
};

test('it comes up, runs the functions, stops on Ctrl-C and leaves no port open', {
  timeout: timeOut,
}, async () => {
  const base = await freeBase();
  const directory = await newDirectory();
  const { child, output } = await runLocally(base, directory);
  await untilHealthy(base, child);

  const second = await runLocally(base + 10, directory);
  expect(await once(second.child, 'close')).toEqual([1, null]);
  expect(second.output()).toMatch(
    new RegExp(`^The local run did not start: http://127.0.0.1:${base} runs already .* npm start$`, 'm'),
  );

  const ports = choosePorts({ LOCAL_PORT: String(base) });
  const name = 'conversations-bridge-local-ping-presence';
  const invoked = await fetch(`http://127.0.0.1:${ports.lambda}/2015-03-31/functions/${name}/invocations`, {
    method: 'POST',
  });
  expect([invoked.status, invoked.headers.get('x-amz-function-error'), output()]).toEqual([
    200,
    null,
    expect.stringContaining('Everything is up'),
  ]);

  for (const [name, port] of Object.entries(ports)) {
    for (const [what, headers] of foreign(port))
      expect([name, what, await statusFor(port, headers)]).toEqual([name, what, 403]);
    expect([name, await statusFor(port, { host: `localhost:${port}` })]).not.toEqual([name, 403]);
  }

  const [, sample = ''] = output().match(/npm run send -- (\S+)/) ?? [];
  await access(join(root, sample));

  const begin = performance.now();
  expect(await stop(child)).toBe(0);
  expect(performance.now() - begin).toBeLessThan(3000);
  await expect(requireFreePorts(ports)).resolves.toBeUndefined();
});

test('a taken port is named, and nothing is left running', { timeout: timeOut }, async () => {
  const base = await freeBase();
  const other = await listen(() => {}, base + 2);
  onTestFinished(other.close);
  const { child, output } = await runLocally(base, await newDirectory());
  const [code] = await once(child, 'close');
  expect(code).toBe(1);
  expect(output()).toContain(
    `port ${base + 2} is taken, and the local run needs it for the EventBridge endpoint`,
  );
  const { bus: _, ...others } = choosePorts({ LOCAL_PORT: String(base) });
  await expect(requireFreePorts(others)).resolves.toBeUndefined();
});
