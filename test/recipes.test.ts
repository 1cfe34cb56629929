import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { secretOf, sign } from '../tools/samples/webhooks.ts';
import { isInstalled } from './support/is-installed.ts';
import { received, startStandardReceiver } from './support/standard-receiver.ts';

/** The only code block of a language in a recipe. */
const codeIn = (recipe: string, language: string): string => {
  const text = readFileSync(`docs/recipes/${recipe}.md`, 'utf8');
  const blocks = Array.from(text.matchAll(/^```(\w+)\n(.*?)^```$/gms));
  const [block, ...others] = blocks.filter(([, each]) => each === language);
  if (block?.[2] === undefined || others.length > 0)
    throw new Error(`${recipe}.md has not one ${language} block`);
  return block[2];
};

/** Runs a sender until it ends. */
const run = (program: string, args: readonly string[], url: string) =>
  promisify(execFile)(program, args, {
    env: { PATH: process.env.PATH, BRIDGE_URL: url, BRIDGE_SECRET: secretOf('standard') },
    timeout: 15_000,
  });

const order = { orderId: '1001', status: 'paid', customerId: 'shop:7', locale: 'fr-FR' };
const event = { type: 'order.status_changed', metadata: { id: 'order-1001-paid' }, data: order };

const expectToSend = async (program: string, args: readonly string[]) => {
  const { url, webhooks } = await startStandardReceiver();
  await run(program, args, url);
  expect(webhooks.flatMap(received)).toMatchObject([event]);

  const closed = await startStandardReceiver(401);
  await expect(run(program, args, closed.url)).rejects.toThrow('401');
};

test('the Node sender of docs/recipes sends what the bridge accepts, and fails if it is refused', () =>
  expectToSend(process.execPath, ['--input-type=module', '--eval', codeIn('any-system', 'js')]));

test.skipIf(!isInstalled('python3'))(
  'the Python sender of docs/recipes does the same (skipped where python3 is not installed)',
  () => expectToSend('python3', ['-c', codeIn('any-system', 'python')]),
);

test('the bridge accepts the event that docs/recipes/prestashop.md shows', () => {
  const body = Buffer.from(codeIn('prestashop', 'json'));
  const headers = sign('standard', { body, now: Date.now() });
  expect(received({ headers, query: {}, body })).toMatchObject([
    { type: 'order.status_changed', data: { orderId: '42', customerId: 'prestashop:7', total: 118.1 } },
  ]);
});
