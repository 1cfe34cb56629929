import { fc, test as law } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../../lib/config/config.ts';
import type { Request } from '../../../lib/notices/ingest.ts';
import { contentOf } from '../../../lib/notices/precedence.ts';
import type { Incoming } from '../../../lib/notices/record.ts';
import { mapEvent, visitorIdOf } from '../../../lib/orders/map-event.ts';
import type { Order } from '../../../lib/texts/order.ts';
import { orderStatuses, statusFacts } from '../../../lib/texts/order-status.ts';
import { configWith } from '../../support/config.ts';
import { readLocated } from '../../support/events.ts';

const noon = Date.UTC(2026, 2, 1, 12);
const hourMs = 3_600_000;
const at = (milliseconds: number): string => new Date(milliseconds).toISOString();

const asks = (type: string, data: object, config: Partial<Config> = {}): Request[] => {
  const event = readLocated({
    'detail-type': type,
    time: at(noon + hourMs),
    detail: {
      metadata: { id: 'e1', timestamp: at(noon + hourMs) },
      data: { occurredAt: at(noon), ...data },
    },
  });
  return mapEvent({
    config: configWith(config),
    visitorIdOf: (customerId) => visitorIdOf('secret', customerId),
  })(event);
};

const incomingIn = (requests: Request[]): Incoming => {
  const [request, ...others] = requests;
  if (request?.kind !== 'desire' || others.length > 0)
    throw new Error(`not one desired: ${JSON.stringify(requests)}`);
  return request.incoming;
};

const ordered = (data: object = {}, config: Partial<Config> = {}): Incoming =>
  incomingIn(
    asks('order.status_changed', { orderId: 1001, visitorId: 'v1', status: 'paid', ...data }, config),
  );

describe('an order event', () => {
  test('maps to a notice with the text of its status', () => {
    const content = contentOf('fr paid #1001 49,90\u00a0€');
    expect(ordered({ orderNumber: '#1001', locale: 'fr-FR', total: '49.90', currency: 'EUR' })).toMatchObject(
      {
        reference: 'order:1001',
        visitorId: 'v1',
        reopens: false,
        desired: {
          status: 'paid',
          text: 'fr paid #1001 49,90\u00a0€',
          policy: 'append',
          priority: 2,
          occurredAt: noon,
          postBy: noon + 24 * hourMs,
          precedence: `0400.00${noon}.${content}`,
          content,
        },
      },
    );
  });

  test.each(orderStatuses)('accepts the status %s', (status) => {
    expect(ordered({ status }).desired).toMatchObject({ status, text: `en ${status} 1001` });
  });

  test('maps a status of the shop with the statusMap', () => {
    expect(ordered({ status: 'completed' }).desired).toMatchObject({
      status: 'shipped',
      text: 'en shipped 1001',
    });
  });

  test('with a status of the shop’s own has its text and rank', () => {
    const { texts } = configWith();
    const config = {
      statuses: { engraving: { after: 'paid', about: 'order' } } as const,
      statusMap: { 'wc-engraving': 'engraving' },
      texts: { ...texts, en: { ...texts.en, engraving: ({ number }: Order) => `engraving ${number}` } },
    };
    const { desired } = ordered({ status: 'wc-engraving' }, config);
    expect(desired).toMatchObject({ status: 'engraving', text: 'engraving 1001' });
    expect(desired.precedence).toMatch(/^0425\./);
  });

  test('with a list longer than anyone reads can be stored until its facts are known', () => {
    const items = Array.from({ length: 3_000 }, () => ({ name: 'x'.repeat(256) }));
    expect(ordered({ items, locale: null }).desired.said?.items).toHaveLength(100);
  });

  test('with a status to ignore says nothing, though it tells whose order it is', () => {
    const data = { orderId: 1001, visitorId: 'v1', status: 'checkout-draft' };
    const requests = asks('order.status_changed', data, { statusMap: { 'checkout-draft': 'ignore' } });
    expect(requests).toMatchObject([{ kind: 'identify', order: 'order:1001', visitorId: 'v1' }]);
  });

  test.each([0, '0.00', '-0'])('never thanks for a payment of %j', (total) => {
    const data = { orderId: 1001, visitorId: 'v1', status: 'paid', total, currency: 'EUR' };
    expect(asks('order.status_changed', data)).toMatchObject([{ kind: 'identify' }]);
  });

  test.each(['Paid', 'teleported', '__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'with the status %s is refused',
    (status) => {
      expect(() => ordered({ status })).toThrow(
        expect.objectContaining({
          name: 'InvalidInput',
          message: expect.stringContaining(
            `detail.data.status: '${status}' is not one of pending, payment_failed, `,
          ),
        }),
      );
    },
  );

  test('uses the policy, priority and freshness of its status, or the defaults', () => {
    const config: Partial<Config> = {
      policy: { default: 'replace', shipped: 'edit' },
      priority: { default: 'low', announcements: 'high', shipped: 'high' },
      freshnessHours: 1,
    };
    const postBy = noon + hourMs;
    expect(ordered({ status: 'shipped' }, config).desired).toMatchObject({
      policy: 'edit',
      priority: 1,
      postBy,
    });
    expect(ordered({ status: 'paid' }, config).desired).toMatchObject({
      policy: 'replace',
      priority: 3,
      postBy,
    });
  });

  test('uses the configured sender', () => {
    const { desired } = ordered({}, { sender: { agentId: 'a1', groupId: 'g1' } });
    expect(desired).toMatchObject({
      agentId: 'a1',
      groupId: 'g1',
      content: contentOf(desired.text, 'a1', 'g1'),
    });
    expect(ordered({}).desired).not.toMatchObject({ agentId: expect.anything() });
  });

  test('is for the given visitor, or the customer’s visitor, or nobody yet', () => {
    const customer = visitorIdOf('secret', '17');
    expect(ordered({ visitorId: null, customerId: 17 }).visitorId).toBe(customer);
    expect(ordered({ customerId: 17 }).visitorId).toBe('v1');
    expect(ordered({ visitorId: null }).visitorId).toBeUndefined();
  });

  test.each(orderStatuses)('with the status %s is about the right subject', (status) => {
    const parcel = statusFacts[status].about === 'shipment';
    const reference = parcel
      ? 'order:1001/shipment:7'
      : status === 'refunded'
        ? 'order:1001/refund:9'
        : 'order:1001';
    const incoming = ordered({ status, shipmentId: 7, refundId: 9 });
    expect(incoming.reference).toBe(reference);
    expect(incoming.order).toBe(reference === 'order:1001' ? undefined : 'order:1001');
    expect(ordered({ status })).toMatchObject({ reference: 'order:1001' });
    expect(ordered({ status })).not.toHaveProperty('order');
  });

  test('about a parcel has its own notice for a status of the shop too', () => {
    expect(ordered({ status: 'completed', shipmentId: 7 }).reference).toBe('order:1001/shipment:7');
  });
});

describe('an order event without a text', () => {
  const { texts } = configWith();
  const config = { texts: { ...texts, en: { ...texts.en, processing: null, delivered: () => '  ' } } };
  const silent = (data: object) =>
    asks('order.status_changed', { orderId: 'a/b', status: 'processing', ...data }, config);

  test('still identifies the visitor of the order', () => {
    const introduction = { kind: 'identify', order: 'order:a~2fb', visitorId: 'v1', occurredAt: noon };
    expect(silent({ visitorId: 'v1' })).toMatchObject([introduction]);
    expect(silent({ visitorId: 'v1', status: 'delivered', shipmentId: 7 })).toMatchObject([introduction]);
    expect(silent({ customerId: 17 })).toMatchObject([
      { ...introduction, visitorId: visitorIdOf('secret', '17') },
    ]);
  });

  test('still tells the facts of the order without a visitor', () => {
    expect(silent({})).toMatchObject([{ kind: 'identify', order: 'order:a~2fb', visitorId: undefined }]);
  });

  test('still reopens the order', () => {
    const { reopens, desired } = incomingIn(silent({ visitorId: 'v1', reopens: true }));
    expect({ reopens, text: desired.text, status: desired.status }).toEqual({
      reopens: true,
      text: undefined,
      status: 'processing',
    });
    expect(silent({ visitorId: 'v1', reopens: false })).toMatchObject([{ kind: 'identify' }]);
  });
});

describe('precedence', () => {
  const precedence = (data: object): string => ordered(data).desired.precedence;

  test('prefers a later status over a later time', () => {
    const unequal = orderStatuses.filter((status) => !['delayed', 'delivery_failed'].includes(status));
    const ranked = unequal.map((status, index) =>
      precedence({ status, occurredAt: at(noon - index * hourMs) }),
    );
    expect(ranked).toEqual(ranked.toSorted());
    expect(new Set(ranked).size).toBe(unequal.length);
  });

  test('prefers the later time where a parcel may move on: delayed, then shipped; failed, then out again', () => {
    const later = { occurredAt: at(noon + 1) };
    for (const [one, other] of [
      ['delayed', 'shipped'],
      ['delivery_failed', 'out_for_delivery'],
    ]) {
      expect(precedence({ status: one }) < precedence({ status: other, ...later })).toBe(true);
      expect(precedence({ status: other }) < precedence({ status: one, ...later })).toBe(true);
    }
  });

  test('gives a status of the shop the rank of the status it maps to', () => {
    expect(precedence({ status: 'completed' })).toBe(precedence({ status: 'shipped' }));
  });

  test('prefers the later time within a status, and then depends on the content, for every worker alike', () => {
    expect(precedence({ occurredAt: at(noon - 1) }) < precedence({})).toBe(true);
    expect(precedence({ occurredAt: at(noon - 1e12) }) < precedence({})).toBe(true);
    expect(precedence({ total: 1, currency: 'EUR' })).not.toBe(precedence({ total: 2, currency: 'EUR' }));
    expect(precedence({})).toBe(precedence({ carrier: null }));
  });

  law.prop([fc.nat(2e12), fc.nat(2e12)])('of requested notices depends on time alone', (one, other) => {
    const said = (occurredAt: number): string =>
      incomingIn(
        asks('notice.requested', { reference: 'r', text: 'Hi', occurredAt: at(Math.min(occurredAt, noon)) }),
      ).desired.precedence;
    const [a, b] = [Math.min(one, noon), Math.min(other, noon)];
    expect(Math.sign(a - b)).toBe(said(one) < said(other) ? -1 : said(one) > said(other) ? 1 : 0);
  });
});

describe('an announcement', () => {
  const announced = (data: object = {}, config: Partial<Config> = {}): Incoming[] =>
    asks(
      'announcement.published',
      { announcementId: 'sale', visitorIds: ['v1'], text: 'Sale!', ...data },
      config,
    ).map((request) => incomingIn([request]));

  test('maps to one notice for each visitor', () => {
    const visitorIds = Array.from({ length: 100 }, (_, index) => `v${index}`);
    const all = announced({ visitorIds });
    expect(all.map(({ visitorId }) => visitorId)).toEqual(visitorIds);
    expect(all.map(({ reference }) => reference)).toEqual(visitorIds.map((id) => `announcement:sale:${id}`));
    expect(new Set(all.map(({ desired }) => desired.content)).size).toBe(1);
    expect(all[0]?.desired).toMatchObject({ status: '', text: 'Sale!', priority: 3, occurredAt: noon });
  });

  test('whose ids are too long together for a key of the database is refused', () => {
    const visitorIds = ['é'.repeat(256), '–'.repeat(256)];
    expect(announced({ visitorIds: visitorIds.slice(0, 1) })).toHaveLength(1);
    expect(() => announced({ visitorIds, announcementId: '–'.repeat(256) })).toThrow(
      'longer than 1000 bytes',
    );
  });

  test('uses the text nearest to the locale', () => {
    const texts = { de: 'Rabatt!', en: 'Sale!', fr: 'Soldes !' };
    const said = (locale?: string) => announced({ text: null, texts, locale })[0]?.desired.text;
    expect([said('fr-CA'), said('it'), said()]).toEqual(['Soldes !', 'Sale!', 'Sale!']);
  });

  test('is sent until it expires, and no longer than it is fresh', () => {
    const postBy = (expiresAt?: number) =>
      announced({ expiresAt: expiresAt === undefined ? null : at(expiresAt) })[0]?.desired.postBy;
    expect(postBy()).toBe(noon + 24 * hourMs);
    expect(postBy(noon + 2 * hourMs)).toBe(noon + 2 * hourMs);
    expect(postBy(noon + 48 * hourMs)).toBe(noon + 24 * hourMs);
    expect(postBy(noon - hourMs)).toBe(noon - hourMs);
  });

  test('uses its own sender completely, or the configured sender', () => {
    const config = { sender: { agentId: 'a1', groupId: 'g1' } };
    const sender = (data: object) => {
      const desired = announced(data, config)[0]?.desired;
      return [desired?.agentId, desired?.groupId, desired?.content];
    };
    expect(sender({})).toEqual(['a1', 'g1', contentOf('Sale!', 'a1', 'g1')]);
    expect(sender({ agentId: 'a2' })).toEqual(['a2', undefined, contentOf('Sale!', 'a2')]);
    expect(sender({ groupId: 'g2' })).toEqual([undefined, 'g2', contentOf('Sale!', undefined, 'g2')]);
  });

  test('uses the configured priority and policy', () => {
    const [{ desired } = ordered()] = announced(
      {},
      { priority: { default: 'low', announcements: 'high' }, policy: { default: 'edit' } },
    );
    expect(desired).toMatchObject({ priority: 1, policy: 'edit' });
  });
});

describe('a requested notice', () => {
  const requested = (data: object = {}, config: Partial<Config> = {}): Incoming =>
    incomingIn(asks('notice.requested', { reference: 'own/ref:1', text: 'Hi', ...data }, config));

  test('has the caller’s own reference', () => {
    expect(requested({ customerId: 'c1' })).toMatchObject({
      reference: 'own/ref:1',
      visitorId: visitorIdOf('secret', 'c1'),
      reopens: false,
      desired: { status: '', text: 'Hi', priority: 2 },
    });
    expect(requested().visitorId).toBeUndefined();
  });

  test('has the given priority, or the default', () => {
    const config: Partial<Config> = { priority: { default: 'low', announcements: 'low' } };
    expect(requested({}, config).desired.priority).toBe(3);
    expect(requested({ priority: 'high' }, config).desired.priority).toBe(1);
    expect(requested({ priority: 'normal' }, config).desired.priority).toBe(2);
  });

  test('is withdrawn by its reference', () => {
    expect(asks('notice.withdrawn', { reference: 'order:1001' })).toEqual([
      { kind: 'withdraw', reference: 'order:1001', occurredAt: noon },
    ]);
  });
});

const withdrawal = (reference: string) => ({
  'detail-type': 'notice.withdrawn',
  time: at(noon),
  detail: { metadata: { id: 'e1', timestamp: at(noon) }, data: { reference, occurredAt: at(noon) } },
});

const id = fc.string({
  unit: fc.constantFrom('a', '1', '~', '/', ':', 'f', '2', '.', '?', '\u0001', 'shipment:', 'refund:'),
  minLength: 1,
});
const subject = fc.oneof(
  fc.record({ orderId: id, status: fc.constant('paid') }),
  fc.record({ orderId: id, status: fc.constant('shipped'), shipmentId: id }),
  fc.record({ orderId: id, status: fc.constant('refunded'), refundId: id }),
);

law.prop([subject, subject])('different subjects of orders never share a notice', (one, other) => {
  const same = JSON.stringify(one) === JSON.stringify(other);
  expect(ordered(one).reference === ordered(other).reference).toBe(same);
});

law.prop([subject])('a path of the HTTP API can carry the reference of every order', (order) => {
  const { reference } = ordered(order);
  expect(readLocated(withdrawal(reference))).toMatchObject({ data: { reference } });
  expect(reference).not.toMatch(/[?%#\\\p{Cc}]/u);
});

law.prop([fc.tuple(id, id), fc.tuple(id, id)])(
  'different announcements never share a notice',
  (one, other) => {
    const [a, b] = [one, other].map(([announcementId, visitorId]) => {
      const data = { announcementId, visitorIds: [visitorId], text: 'Hi' };
      return incomingIn(asks('announcement.published', data)).reference;
    });
    expect(a === b).toBe(JSON.stringify(one) === JSON.stringify(other));
  },
);

test('the reference of an announcement separates its id from the visitor’s id', () => {
  const reference = (announcementId: string, visitorId: string) =>
    incomingIn(asks('announcement.published', { announcementId, visitorIds: [visitorId], text: 'Hi' }))
      .reference;
  expect(reference('a:b', 'c')).not.toBe(reference('a', 'b:c'));
});

test.each([
  [
    { orderId: '1/shipment:2', status: 'shipped' },
    { orderId: '1', status: 'shipped', shipmentId: '2' },
  ],
  [
    { orderId: '1/a', status: 'paid' },
    { orderId: '1~2fa', status: 'paid' },
  ],
])('%j and %j are different subjects', (one, other) => {
  expect(ordered(one).reference).not.toBe(ordered(other).reference);
});
