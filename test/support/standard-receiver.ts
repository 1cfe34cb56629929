import { createServer } from 'node:http';
import { readEvent, type ShopEvent } from '../../lib/bus/events.ts';
import type { Webhook } from '../../lib/sources/source.ts';
import { standard } from '../../lib/sources/standard/standard.ts';
import { secretOf } from '../../tools/samples/webhooks.ts';
import { listen } from '../lib/brevo/servers.ts';

/**
 * What the bridge makes of a webhook that was sent a moment ago, signed with the secret of the local run.
 * @throws Error saying why the webhook is refused or ignored
 * @throws {InvalidInput} naming every invalid field
 */
export const received = (webhook: Webhook): ShopEvent[] => {
  const now = Date.now();
  const clock = { now, toleranceSeconds: 300 };
  const refusal = standard.refusal(webhook, [secretOf('standard')], clock);
  if (refusal !== undefined) throw new Error(refusal);
  const reading = standard.read(webhook, now);
  if (reading.kind === 'ignored') throw new Error(reading.reason);
  return reading.events.map(({ type, id, at, data }) => {
    const timestamp = new Date(at).toISOString();
    return readEvent({ 'detail-type': type, time: timestamp, detail: { metadata: { id, timestamp }, data } });
  });
};

/**
 * A server for senders that run as processes of their own.
 * @param status what it answers; 0 to never answer
 */
export const startStandardReceiver = async (status = 202) => {
  const webhooks: Webhook[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { host, ...headers } = request.headers;
      const texts = Object.entries(headers).map(([name, value]) => [name, String(value)]);
      webhooks.push({ headers: Object.fromEntries(texts), query: {}, body: Buffer.concat(chunks) });
      if (status !== 0) response.writeHead(status).end('{}');
    });
  });
  const url = `http://127.0.0.1:${await listen(server)}/webhooks/standard`;
  return { url, webhooks };
};
