import { fc, test as law } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { readEvent } from '../../../lib/bus/events.ts';
import { InvalidInput } from '../../../lib/runtime/parse.ts';

const noon = '2026-03-01T12:00:00Z';
const atNoon = Date.parse(noon);

const minimal = {
  'order.status_changed': { orderId: '1001', status: 'paid', occurredAt: noon },
  'parcel.status_changed': { trackingNumber: 'T1', status: 'shipped', occurredAt: noon },
  'announcement.published': { announcementId: 'sale', visitorIds: ['v1'], text: 'Sale!', occurredAt: noon },
  'notice.requested': { reference: 'own', text: 'Hello', occurredAt: noon },
  'notice.withdrawn': { reference: 'own', occurredAt: noon },
};
type Type = keyof typeof minimal;
const types: Type[] = [
  'order.status_changed',
  'parcel.status_changed',
  'announcement.published',
  'notice.requested',
  'notice.withdrawn',
];

const eventOf = (type: Type, data: object = {}, metadata: object = {}, time: unknown = noon) => ({
  'detail-type': type,
  time,
  detail: { metadata: { id: 'e1', timestamp: noon, ...metadata }, data: { ...minimal[type], ...data } },
});

/** The parsed value of the field in an otherwise minimal event. */
const reading = (type: Type, field: string, value: unknown): unknown => {
  const { data } = readEvent(eventOf(type, { [field]: value }));
  return Object.entries(data).find(([name]) => name === field)?.[1];
};

/** The faults of a refused event, as `path: message`. */
const faultsOf = (event: unknown): string[] => {
  try {
    readEvent(event);
  } catch (error) {
    if (error instanceof InvalidInput)
      return error.faults.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw error;
  }
  return [];
};
const pathsOf = (event: unknown): string[] => faultsOf(event).map((fault) => fault.split(': ')[0] ?? '');

const longest = 'x'.repeat(256);
const wrongLines = ['', '  ', 7, {}, [], true, `${longest}x`, 'half a pair: \ud83d'];
const lines = {
  right: [
    ['a', 'a'],
    [' a ', 'a'],
    [longest, longest],
  ],
  wrong: wrongLines,
};
/** Each of them would address another notice in a path of the HTTP API, or none. */
const unaddressable = [
  ...['promo?2', 'promo%3F2', '50%', 'a#b', 'a\\b', 'a\nb', 'a\u0000b', 'a\u0085b'],
  ...['a/../b', './a', 'a/.', '..', 'a//b', '/a', 'a/'],
];
const ids = {
  right: [...lines.right, [1001, '1001'], [0, '0'], ['007', '007']],
  wrong: [...wrongLines.filter((value) => value !== 7), 1.5, 2 ** 53, Number.NaN],
};
const times = {
  right: [
    [noon, atNoon],
    ['2026-03-01T11:59:59.5Z', atNoon - 500],
    ['2026-03-01T12:59:00+01:00', atNoon - 60_000],
    ['1970-01-01T00:00:00Z', 0],
  ],
  wrong: [
    '2026-03-01',
    '2026-03-01T12:00:00',
    '2026-02-30T12:00:00Z',
    '1969-12-31T23:59:59Z',
    atNoon,
    '',
    'now',
  ],
};
const laterTimes = {
  ...times,
  right: [...times.right, ['2036-03-01T12:00:00Z', Date.parse('2036-03-01T12:00:00Z')]],
};
const texts = {
  right: [
    ['Hi', 'Hi'],
    ['\n Hi \n', 'Hi'],
  ],
  wrong: ['', ' \n', 7, ['Hi']],
};

const required: [Type, string, { right: unknown[][]; wrong: unknown[] }][] = [
  ['order.status_changed', 'orderId', ids],
  ['order.status_changed', 'status', lines],
  ['parcel.status_changed', 'trackingNumber', lines],
  ['parcel.status_changed', 'status', lines],
  ['announcement.published', 'announcementId', ids],
  [
    'announcement.published',
    'visitorIds',
    {
      right: [
        [
          ['v1', 'v2 '],
          ['v1', 'v2'],
        ],
        [Array(100).fill('v'), Array(100).fill('v')],
      ],
      wrong: [[], Array(101).fill('v'), 'v1', [''], [7]],
    },
  ],
  [
    'notice.requested',
    'reference',
    {
      right: [
        ...lines.right,
        ['orders:1', 'orders:1'],
        ['my order:1', 'my order:1'],
        ['é/a.b/..c', 'é/a.b/..c'],
      ],
      wrong: [...wrongLines, ...unaddressable, 'order:1001', 'announcement:sale:v1', ' order:1001'],
    },
  ],
  [
    'notice.withdrawn',
    'reference',
    {
      right: [...lines.right, ['order:1001/refund:9', 'order:1001/refund:9']],
      wrong: [...wrongLines, ...unaddressable],
    },
  ],
  ...types.map((type): (typeof required)[number] => [type, 'occurredAt', times]),
];

const optional: typeof required = [
  ['order.status_changed', 'visitorId', lines],
  ['order.status_changed', 'customerId', ids],
  ['order.status_changed', 'orderNumber', ids],
  ['order.status_changed', 'shipmentId', ids],
  ['order.status_changed', 'refundId', ids],
  [
    'order.status_changed',
    'reopens',
    {
      right: [
        [true, true],
        [false, false],
      ],
      wrong: ['true', 1],
    },
  ],
  ['order.status_changed', 'locale', lines],
  ['order.status_changed', 'currency', { right: [['EUR', 'EUR']], wrong: ['eur', '€', 'EURO', '', 978] }],
  [
    'order.status_changed',
    'total',
    {
      right: [
        [49.9, 49.9],
        ['49.90', 49.9],
        ['-5', -5],
        [0, 0],
      ],
      wrong: ['49,90', '', '1e3', '49.90 €', true, Number.POSITIVE_INFINITY],
    },
  ],
  ['order.status_changed', 'carrier', lines],
  ['order.status_changed', 'trackingNumber', lines],
  [
    'order.status_changed',
    'trackingUrl',
    {
      right: [
        ['https://t.example.com/1?a=b', 'https://t.example.com/1?a=b'],
        ['http://t', 'http://t'],
      ],
      wrong: ['t.example.com', 'javascript:alert(1)', 'ftp://t.example.com', '', 7],
    },
  ],
  [
    'order.status_changed',
    'estimatedDelivery',
    {
      right: [
        ['2026-03-05', '2026-03-05'],
        ['2026-03-05T10:00:00+01:00', '2026-03-05T10:00:00+01:00'],
      ],
      wrong: ['2026-02-30', '5 March', '05.03.2026', '', 20260305],
    },
  ],
  [
    'order.status_changed',
    'items',
    {
      right: [
        [[], []],
        [
          [
            { name: ' Mug ', quantity: 2, sku: 1 },
            { name: 'Tea', quantity: null },
          ],
          [{ name: 'Mug', quantity: 2 }, { name: 'Tea' }],
        ],
      ],
      wrong: ['Mug', ['Mug'], [{ quantity: 2 }], [{ name: 'Mug', quantity: '2' }]],
    },
  ],
  ['parcel.status_changed', 'orderNumber', ids],
  ['parcel.status_changed', 'orderId', ids],
  ['parcel.status_changed', 'carrier', lines],
  ['parcel.status_changed', 'locale', lines],
  ['announcement.published', 'locale', lines],
  ['announcement.published', 'agentId', lines],
  ['announcement.published', 'groupId', lines],
  ['announcement.published', 'expiresAt', laterTimes],
  ['notice.requested', 'visitorId', lines],
  ['notice.requested', 'customerId', ids],
  ['notice.requested', 'locale', lines],
  ['notice.requested', 'agentId', lines],
  ['notice.requested', 'groupId', lines],
  ['notice.requested', 'expiresAt', laterTimes],
  [
    'notice.requested',
    'priority',
    {
      right: [
        ['high', 'high'],
        ['low', 'low'],
      ],
      wrong: ['urgent', 1, ''],
    },
  ],
];

describe.each([...required, ...optional])('in %s, the field %s', (type, field, { right, wrong }) => {
  test('is read', () => {
    for (const [written, read] of right) expect(reading(type, field, written)).toEqual(read);
  });

  test('is refused if it is invalid, and named in the error', () => {
    for (const value of wrong) {
      const paths = pathsOf(eventOf(type, { [field]: value }));
      expect(paths, JSON.stringify(value)).not.toEqual([]);
      for (const path of paths) expect(path).toMatch(new RegExp(`^detail\\.data\\.${field}(\\.|$)`));
    }
  });
});

test.each(required)('%s requires %s', (type, field) => {
  for (const missing of [undefined, null])
    expect(pathsOf(eventOf(type, { [field]: missing }))).toEqual([`detail.data.${field}`]);
});

test.each(optional)('%s may omit %s, or set it to null', (type, field) => {
  for (const missing of [undefined, null]) expect(reading(type, field, missing)).toBeUndefined();
});

describe.each(['announcement.published', 'notice.requested'] as const)('the wording of %s', (type) => {
  test('is one text, or one for each locale', () => {
    for (const [written, read] of texts.right) {
      expect(reading(type, 'text', written)).toBe(read);
      const { data } = readEvent(eventOf(type, { text: null, texts: { en: written, 'fr-CA': 'Salut' } }));
      expect(data).toMatchObject({ texts: { en: read, 'fr-CA': 'Salut' } });
    }
  });

  test('is refused if it is invalid, missing or given twice', () => {
    for (const wrong of texts.wrong) {
      expect(pathsOf(eventOf(type, { text: wrong }))).toEqual(['detail.data.text']);
      expect(pathsOf(eventOf(type, { text: null, texts: { en: wrong } }))).toEqual(['detail.data.texts.en']);
    }
    expect(faultsOf(eventOf(type, { text: null, texts: {} }))).toEqual([
      'detail.data.texts: must contain at least one text',
    ]);
    expect(faultsOf(eventOf(type, { text: null, texts: JSON.parse('{"__proto__":"Hi"}') }))).toEqual([
      'detail.data.texts: must contain at least one text',
    ]);
    for (const wording of [{ text: undefined }, { text: null, texts: null }, { texts: { en: 'Hi' } }])
      expect(faultsOf(eventOf(type, wording))).toEqual([
        'detail.data.text: give either text or texts, not both',
      ]);
  });
});

test.each(['announcement.published', 'notice.requested'] as const)(
  '%s is from an agent or a group',
  (type) => {
    const sender = (agentId: unknown, groupId: unknown) => faultsOf(eventOf(type, { agentId, groupId }));
    expect(sender('a', 'g')).toEqual(['detail.data.groupId: give either agentId or groupId, not both']);
    expect([...sender('a', null), ...sender(null, 'g')]).toEqual([]);
  },
);

test('the envelope is read', () => {
  const { metadata } = readEvent(
    eventOf('notice.withdrawn', {}, { version: 2, domain: null, service: 'oms', type: 'x', more: 1 }),
  );
  expect(metadata).toEqual({ id: 'e1', timestamp: atNoon, version: '2', service: 'oms', type: 'x' });
});

test.each([
  ['time', { ...eventOf('notice.withdrawn'), time: 'noon' }],
  ['detail', { ...eventOf('notice.withdrawn'), detail: 'x' }],
  ['detail.metadata', { ...eventOf('notice.withdrawn'), detail: { data: minimal['notice.withdrawn'] } }],
  ['detail.data', { ...eventOf('notice.requested'), detail: { metadata: { id: 'e1', timestamp: noon } } }],
  [
    'detail.data',
    { ...eventOf('notice.requested'), detail: { metadata: { id: 'e1', timestamp: noon }, data: null } },
  ],
  ['detail.metadata.id', eventOf('notice.withdrawn', {}, { id: '' })],
  ['detail.metadata.timestamp', eventOf('notice.withdrawn', {}, { timestamp: null })],
  ['detail-type', { ...eventOf('notice.withdrawn'), 'detail-type': 'order.archived' }],
  ['detail-type', { ...eventOf('notice.withdrawn'), 'detail-type': 'toString' }],
  ['detail-type', {}],
  ['', null],
  ['', 'event'],
  ['', [eventOf('notice.withdrawn')]],
])('the envelope is refused if this part is invalid: %s', (path, event) => {
  expect(pathsOf(event)).toEqual([path]);
});

test('one error names every fault', () => {
  const orders = eventOf(
    'order.status_changed',
    { status: 7, total: 'much', items: [{}] },
    { id: 1 },
    'noon',
  );
  expect(pathsOf(orders)).toEqual([
    'time',
    'detail.metadata.id',
    'detail.data.status',
    'detail.data.total',
    'detail.data.items.0.name',
  ]);
  expect(pathsOf(eventOf('notice.requested', { reference: 'order:1', text: null, priority: 1 }))).toEqual([
    'detail.data.reference',
    'detail.data.priority',
    'detail.data.text',
  ]);
});

const later = (milliseconds: number): string => new Date(atNoon + milliseconds).toISOString();

/** The time of occurrence in an event. Milliseconds since 1970. */
const occurredIn = ({ data }: ReturnType<typeof readEvent>): number => {
  if ('occurredAt' in data) return data.occurredAt;
  throw new Error('the event has no time of occurrence');
};

describe('an event time in the future', () => {
  const occurred = (occurredAt: number, timestamp: number, time = 0): number => {
    const event = eventOf(
      'order.status_changed',
      { occurredAt: later(occurredAt) },
      { timestamp: later(timestamp) },
      later(time),
    );
    return occurredIn(readEvent(event)) - atNoon;
  };

  test('is limited to the time at which the event was created', () => {
    expect(occurred(5_000, 1_000)).toBe(1_000);
    expect(occurred(1_000, 5_000)).toBe(1_000);
    expect(occurred(1_000, 1_000)).toBe(1_000);
  });

  test('is accepted if the shop’s clock is slightly ahead of the bus', () => {
    expect(occurred(300_000, 300_000)).toBe(300_000);
    expect(occurred(300_001, 300_001)).toBe(0);
    expect(occurred(900_000_000, 900_000_000, 2_000)).toBe(2_000);
  });

  test('of the envelope does not change an occurrence in the past', () => {
    expect(occurred(-60_000, 900_000_000)).toBe(-60_000);
  });

  test.each(types)('of %s is limited too', (type) => {
    expect(occurredIn(readEvent(eventOf(type, { occurredAt: later(1) })))).toBe(atNoon);
  });
});

const instants = fc.integer({ min: -1e9, max: 1e9 }).map(later);

law.prop([fc.constantFrom(...types), instants, instants, instants])(
  'an event is read alike each time it is delivered, and never occurs after its envelope',
  (type, occurredAt, timestamp, time) => {
    const event = eventOf(type, { occurredAt }, { timestamp }, time);
    const read = readEvent(event);
    expect(readEvent(JSON.parse(JSON.stringify(event)))).toEqual(read);
    expect(occurredIn(read)).toBeLessThanOrEqual(read.metadata.timestamp);
    expect(occurredIn(read)).toBeLessThanOrEqual(Date.parse(time) + 300_000);
  },
);

const anyData = fc.record(
  Object.fromEntries(
    [...required, ...optional, ['', 'text', {}], ['', 'texts', {}]].map(([, field]) => [
      String(field),
      fc.oneof(fc.anything(), fc.string(), fc.dictionary(fc.string(), fc.string())),
    ]),
  ),
  { requiredKeys: [] },
);

law.prop([
  fc.oneof(
    fc.anything(),
    fc.jsonValue(),
    fc.record({ 'detail-type': fc.constantFrom(...types), time: fc.anything(), detail: fc.anything() }),
    fc.tuple(fc.constantFrom(...types), anyData).map(([type, data]) => eventOf(type, data)),
  ),
])('any value is either read, or refused as invalid', (value) => {
  try {
    readEvent(value);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInput);
  }
});
