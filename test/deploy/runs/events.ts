/** Runs of the functions that no caller waits for: behind webhooks, the queue and the schedules. */

import { sources } from '../../../lib/sources/sources.ts';
import { freshen, freshRegistration, sign } from '../../../tools/samples/webhooks.ts';
import { webhookSamples } from '../../support/webhook-samples.ts';
import { type AtWork, lost, tooMany } from './at-work.ts';

/** Events of orders, announcements and notices become messages, or are held, or expire. */
export const runOrders = async ({ push, pushLate, order, event, notice, fault, wait }: AtWork) => {
  const paid = order('1', 'paid');
  await push(paid);
  await push(paid, order('1', 'pending', {}, -5), order('1', 'paid', { visitorId: 'bob' }, 1));
  await push(order('1', 'paid', { total: '5.00', currency: 'EUR', locale: 'fr' }, 1));
  await notice('order:1', 'settled');
  await push({ ...paid, body: 'no JSON' }, order('1', 'unheard-of'));

  await push(order('2', 'shipped', { visitorId: undefined, shipmentId: '7' }));
  await notice('order:2/shipment:7', 'unaddressed');
  await push(order('2', 'paid'), order('2', 'refunded', { visitorId: undefined, refundId: '3' }));
  await notice('order:2/shipment:7', 'settled');
  await push(order('2', 'cancelled'), order('2', 'paid', { reopens: true }, 5));

  await push(
    event('announcement.published', {
      announcementId: 'spring',
      visitorIds: ['ada', 'bob'],
      text: 'Spring!',
    }),
    event('notice.requested', {
      reference: 'teapot',
      customerId: '5',
      text: 'It is back.',
      priority: 'high',
    }),
  );
  await push(event('notice.withdrawn', { reference: 'teapot' }, 1));
  await notice('teapot', 'settled');

  const moved = (data: object) =>
    event('parcel.status_changed', { trackingNumber: 'T1', status: 'delivered', ...data }, 9);
  await push(moved({ orderNumber: '77', orderId: '77' }));
  await push(order('77', 'shipped', { orderNumber: '#77', trackingNumber: 'T1' }, 1));
  await push(moved({}), moved({ trackingNumber: 'T2', orderNumber: '78' }));
  await notice('order:77', 'settled');

  await push(order('3', 'paid', { occurredAt: new Date(0).toISOString() }));
  await notice('order:3', 'expired');

  wait(180);
  await fault({ kind: 'status', status: 400 });
  await push(order('4', 'paid'));
  await notice('order:4', 'refused');
  // A newer status goes ahead of one that is held.
  await push(order('4', 'shipped'));
  await fault(lost);
  await push(order('4', 'delivered'));
  await notice('order:4', 'unknown');
  await fault(lost);
  await push(event('notice.requested', { reference: 'mug', visitorId: 'ada', text: 'A mug.' }));
  await notice('mug', 'unknown');
  const seen = (text: string) => event('message.seen', { visitorId: 'ada', messageId: 'found', text });
  await push(seen('A cup.'));
  await push(seen('A mug.'), seen('A mug.'));
  await notice('mug', 'settled');

  wait(180);
  await fault({ kind: 'status', status: 401 });
  await pushLate(order('5', 'paid'), order('6', 'paid'));
  await push(order('5', 'processing'));
  await notice('order:5', 'pending');
};

/** What waits is delivered minute by minute: posted, edited, deleted. What fails is held. */
export const runMinutes = async ({
  push,
  pushLate,
  order,
  event,
  notice,
  fault,
  tick,
  wait,
  invoke,
}: AtWork) => {
  wait(180);
  await tick();
  await tick();
  await notice('order:5', 'settled');

  await push(
    order('7', 'paid'),
    event('notice.requested', { reference: 'cup', visitorId: 'bob', text: 'A cup.' }),
  );
  await pushLate(
    order('7', 'paid', { total: '7.00', currency: 'EUR' }, 1),
    event('notice.withdrawn', { reference: 'cup' }, 1),
    order('8', 'paid'),
  );
  wait(2);
  await fault(lost);
  await tick();
  await notice('cup', 'settled');
  await notice('order:8', 'unknown');

  await pushLate(order('9', 'paid'));
  // Too old to be sent.
  wait(25 * 60);
  await tick();
  await notice('order:9', 'expired');

  await push(order('10', 'paid'));
  await pushLate(order('10', 'shipped'));
  await fault(tooMany);
  await tick();
  await notice('order:10', 'pending');
  // An invocation that has no time for a call.
  await invoke('deliver-pending', {}, 1_000);
};

/** Agents are shown as online: at once, at the second try, after a pause, and not in the evening. */
export const runPresence = async ({ invoke, fault, wait }: AtWork) => {
  const ping = () => invoke('ping-presence', {});
  await ping();
  await ping();
  wait(3);
  await fault({ kind: 'status', status: 500 });
  await ping();
  wait(3);
  await fault({ kind: 'status', status: 401 });
  await ping();
  await ping();
  wait(180);
  await ping();
  wait(12 * 60);
  await ping();
};

/** A shop registers, and somebody else tries to. */
export const runRegistrations = async ({ call, clock }: AtWork) => {
  const query = 'shop-id=1&shop-url=https://shop.example.com&timestamp=0';
  const { rawQueryString, headers } = freshRegistration(query, clock.now);
  const register = (status: number, given: Record<string, string>) =>
    call(['register-source', status], `GET /webhooks/shopware?${rawQueryString}`, { headers: given });
  await register(200, headers);
  await register(401, {});
};

/** Every sample of a webhook, once more as its sender may repeat it, forged, and unreadable. */
export const runWebhooks = async ({ call, later, clock, pushWaiting }: AtWork) => {
  const send = (status: number, source: string, body: string, headers: Record<string, string> = {}) =>
    call(['receive-webhook', status], `POST /webhooks/${source}`, {
      headers: {
        ...headers,
        ...sign(source, { body, now: clock.now, id: headers['webhook-id'] ?? 'msg_1' }),
      },
      raw: { body, isBase64Encoded: false },
    });
  await later();
  for (const [source, { accepted }] of Object.entries(sources)) {
    for (const sample of webhookSamples.filter((each) => each.source === source)) {
      const body = freshen(sample.body.toString(), sample.sentAt, clock.now);
      await send(accepted, source, body, sample.headers);
      await send(accepted, source, body, sample.headers);
    }
    await send(accepted === 202 ? 400 : 200, source, 'no JSON');
    await call(['receive-webhook', 401], `POST /webhooks/${source}`, {
      headers: {},
      raw: { body: '{}', isBase64Encoded: false },
    });
  }
  await call(['receive-webhook', 404], 'POST /webhooks/unheard-of', { body: {} });
  await pushWaiting();
};
