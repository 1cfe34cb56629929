import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { choosePorts } from '../../tools/local/ports.ts';
import { freshen, sign } from '../../tools/samples/webhooks.ts';
import { shown } from '../lib/sources/meanings.ts';
import { freeBase, newDirectory, root, runLocally, untilHealthy } from '../support/local-run.ts';
import { webhookSamples } from '../support/webhook-samples.ts';

const soon = { timeout: 20_000, interval: 100 };

/** Runs `npm start`, and sends it the samples as their senders would, with current times. */
const start = async () => {
  const base = await freeBase();
  const { child } = await runLocally(base, await newDirectory());
  await untilHealthy(base, child);
  const { httpApi, brevo } = choosePorts({ LOCAL_PORT: String(base) });
  const post = async (source: string, by: string, body: string, headers = {}): Promise<number> => {
    const signed = { ...headers, ...sign(by, { body, now: Date.now() }) };
    const url = `http://127.0.0.1:${httpApi}/webhooks/${source}`;
    return (await fetch(url, { method: 'POST', headers: signed, body })).status;
  };
  const send = async (name: string, by?: string): Promise<number> => {
    const sample = webhookSamples.find((each) => each.name === name);
    if (sample === undefined) throw new Error(`there is no sample ${name}`);
    const { source } = sample;
    const body = freshen(sample.body.toString(), sample.sentAt, Date.now());
    const { host: _, 'content-length': __, ...headers } = sample.headers;
    return post(source, by ?? source, body, headers);
  };
  const texts = async () => {
    const response = await fetch(`http://127.0.0.1:${brevo}/control/messages`);
    const all = z
      .array(z.object({ text: z.string(), deletedAt: z.nullable(z.number()) }))
      .parse(await response.json());
    return all.filter(({ deletedAt }) => deletedAt === null).map(({ text }) => text);
  };
  const control = `http://127.0.0.1:${brevo}/control`;
  const stateOf = async (reference: string) => {
    const url = `http://127.0.0.1:${httpApi}/notices/${reference}`;
    const response = await fetch(url, { headers: { authorization: 'Bearer local-token' } });
    return z.object({ state: z.optional(z.string()) }).parse(await response.json()).state;
  };
  return { base, send, post, texts, control, stateOf };
};

test('the samples of every source reach the chat once, whatever their order and number of deliveries', {
  timeout: 240_000,
}, async () => {
  const { base, send, post, texts, control, stateOf } = await start();
  const names = webhookSamples.filter(({ source }) => source !== 'brevo').map(({ name }) => name);
  // Stripe's refund names no language: it is the one of the checkout.
  expect(await send('stripe-checkout-completed')).toBe(200);
  await vi.waitFor(async () => expect(await texts()).toHaveLength(1), soon);
  const twice = [...names, ...names.toReversed()];
  const statuses = await Promise.all(twice.map((name) => send(name)));
  for (const status of statuses) expect([200, 202]).toContain(status);
  const stand = async () => {
    const all = await texts();
    for (const text of shown) expect(all).toContainEqual(expect.stringMatching(text));
  };
  await vi.waitFor(stand, soon);
  await vi.waitFor(async () => {
    const before = await texts();
    await new Promise((later) => setTimeout(later, 1_500));
    expect(await texts()).toEqual(before);
  }, soon);
  const stable = await texts();
  expect(new Set(stable).size).toBe(stable.length);
  for (const name of names) expect([200, 202]).toContain(await send(name));
  await new Promise((later) => setTimeout(later, 2_000));
  expect((await texts()).toSorted()).toEqual(stable.toSorted());
  expect(stable.join('\n')).not.toMatch(/undefined|null|NaN/);

  for (const name of ['brevo-conversation-started', 'brevo-conversation-fragment'])
    expect(await send(name)).toBe(200);
  expect(await send('shopify-order-paid', 'woocommerce')).toBe(401);

  // An answer is lost; then Brevo reports the message as part of a conversation.
  await fetch(`${control}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([{ match: { method: 'POST', body: 'Lost' }, kind: 'reset-after' }]),
  });
  const at = new Date().toISOString();
  const data = { reference: 'lost', visitorId: 'v-lost', text: 'Lost?', occurredAt: at };
  const event = { type: 'notice.requested', timestamp: at, data };
  expect(await post('standard', 'standard', JSON.stringify(event))).toBe(202);
  await vi.waitFor(async () => expect(await stateOf('lost')).toBe('unknown'), soon);
  const all = z
    .array(z.object({ id: z.string() }))
    .parse(await (await fetch(`${control}/messages?visitorId=v-lost`)).json());
  const message = { id: all[0]?.id, type: 'agent', text: 'Lost?', isPushed: true };
  const fragment = {
    eventName: 'conversationFragment',
    conversationId: 'c',
    visitor: { id: 'v-lost' },
    messages: [message],
  };
  expect(await post('brevo', 'brevo', JSON.stringify(fragment))).toBe(200);
  await vi.waitFor(async () => expect(await stateOf('lost')).toBe('settled'), soon);

  const run = promisify(execFile);
  const cli = (...args: string[]) =>
    run(process.execPath, ['tools/send-webhook.ts', ...args], {
      cwd: root,
      env: { ...process.env, LOCAL_PORT: String(base) },
    });
  const sent = await cli('shopify', 'events/receive-webhook.shopify-order-paid.json');
  expect(sent.stdout).toMatch(/^200/m);
  await expect(cli('shopee', 'events/receive-webhook.shopify-order-paid.json')).rejects.toThrow(
    /Unknown sender shopee/,
  );
  await expect(cli('shopify', 'events/nothing.json')).rejects.toThrow(/cannot be read/);
});
