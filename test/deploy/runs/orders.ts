import { type AtWork, lost } from './at-work.ts';

/** What becomes of events, from the first that names an order to the last that takes it back. */
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
