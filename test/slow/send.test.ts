import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { targetOf } from '../../tools/local/ports.ts';
import { sendSample } from '../../tools/samples/send.ts';
import { freeBase, newDirectory, root, runLocally, untilHealthy } from '../support/local-run.ts';

const folder = join(root, 'events');
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));

/** Sends samples to an `npm start` with nothing in it, and gives what was printed. */
const start = async () => {
  const base = await freeBase();
  const directory = await newDirectory();
  const { child, output } = await runLocally(base, directory);
  await untilHealthy(base, child);
  const LOCAL_PORT = String(base);
  return {
    directory,
    output,
    brevo: `http://127.0.0.1:${base + 3}`,
    send: async (file: string) => {
      const lines: string[] = [];
      await sendSample(
        resolve(folder, file),
        targetOf({ LOCAL_PORT }, (line) => lines.push(line)),
      );
      return lines.join('\n');
    },
  };
};

test('npm run send takes any file of events/, and says what became of it', { timeout: 240_000 }, async () => {
  const { directory, brevo, send, output } = await start();
  const event = (name: string) => send(`push-message.${name}.json`);
  const about = (outcome: string) => `order.status_changed: ${outcome}`;

  expect(await event('order-refunded')).toBe(
    about('order:1001/refund:9 waiting for an event that names its visitor'),
  );
  expect(await event('order-shipped')).toBe(about('order:1001 sent (posted)'));
  expect(await event('new-tracking-link')).toBe(about('order:1001 sent (edited)'));
  expect(await event('new-tracking-link')).toBe(about('order:1001 unchanged, the visitor sees this already'));
  expect(await event('order-paid')).toBe(about('order:1001 unchanged, a newer event counts'));
  expect(await event('wrong-status')).toMatch(/^order.status_changed: dead-lettered: .*'teleported' is not/);
  expect(await event('not-json')).toMatch(/^message: dead-lettered: .*not JSON/);

  expect(await event('shopify-partner-order-shipped')).toMatch(
    /^shopifyWebhook: order:\d+\/shipment:\d+ sent/,
  );
  expect(await event('stripe-partner-thin-event')).toMatch(/: ignored: a thin event holds no data: choose /);

  const paid = readFileSync(join(folder, 'push-message.order-paid.json'), 'utf8');
  const stolen = join(directory, 'stolen.json');
  await writeFile(stolen, paid.replace('kZMvWhf8npAu3H6qd57w2Hv6nh6rnxvg', 'somebody-else'));
  expect(await send(stolen)).toBe(about('order:1001 refused, it names another visitor than the notice'));

  const faults = [{ match: { method: 'POST', path: '/pushedMessages' }, kind: 'reset-after' }];
  await fetch(`${brevo}/control/faults`, { method: 'POST', body: JSON.stringify(faults) });
  expect(await event('notice-requested')).toMatch(/ held as unknown: /);

  expect(await send('receive-webhook.shopify-order-paid.json')).toMatch(
    /^200 OK\norder.status_changed: order:\d+ sent \(posted\)$/,
  );
  expect(await send('receive-webhook.woocommerce-ping.json')).toBe('200 OK\nNo event follows from it.');
  expect(await send('register-source.shopware.json')).toMatch(
    /\n200 OK\n.*"confirmation_url":"http:\/\/127\.0\.0\.1:\d+\/webhooks\/shopware\?/,
  );
  expect(await send('post-pushed-message.missing-fields.json')).toMatch(
    /^POST \/pushed-messages\n400 Bad Request\n\{/,
  );
  expect(await send('ping-presence.scheduled.json')).toBe('ping-presence has run.');
  await expect(send('schemas/notice.requested.json')).rejects.toThrow('choose a file of events/');

  for (const file of files) {
    const printed = await send(file);
    expect([file, printed]).not.toEqual([file, expect.stringMatching(/undefined|in the queue|^5\d\d /m)]);
    expect([file, printed]).not.toEqual([file, '']);
  }
  expect(output()).not.toMatch(/older than|expired/);
});
