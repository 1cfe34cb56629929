import { expect, test } from 'vitest';
import { ConfigError, defineConfig } from '../../../lib/config/config.ts';
import { hmacSource } from '../../../lib/sources/own.ts';
import { fr } from '../../../lib/texts/fr.ts';
import { orderStatuses } from '../../../lib/texts/order-status.ts';
import type { OrderTexts } from '../../../lib/texts/order-text.ts';

const smallest = { defaultLocale: 'fr', texts: { fr } } as const;
const office = { days: ['mon'], from: '09:00', to: '18:00', timeZone: 'Europe/Paris' } as const;

/**
 * The faults of a refused configuration, one a line. Accepts values that the types would refuse, as JavaScript does.
 */
const faults = (config: object): string[] => {
  try {
    Reflect.apply(defineConfig, undefined, [{ ...smallest, ...config }]);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [title, ...lines] = error.message.split('\n');
    expect(title).toBe('bridge.config.ts is not valid:');
    return lines.map((line) => line.trim());
  }
  return [];
};

test('texts and a default locale are enough, and the rest has defaults', () => {
  expect(defineConfig(smallest)).toEqual({
    defaultLocale: 'fr',
    texts: { fr },
    statuses: {},
    statusMap: {},
    policy: { default: 'append' },
    priority: { default: 'normal', announcements: 'low' },
    sender: {},
    freshnessHours: 24,
    presence: { agents: [] },
    requests: { limit: 100, windowSeconds: 3600, scope: 'account' },
    http: { origins: [] },
    webhooks: { toleranceSeconds: {} },
    sources: {},
    onUnknownOutcome: 'hold',
    definiteStatuses: [503],
  });
});

test('chosen settings are kept, and the others have defaults', () => {
  const agents = [
    { agentId: 'a', shifts: [office] },
    {
      agentEmail: 'shop@example.com',
      agentName: 'Shop',
      receivedFrom: 'bridge',
      shifts: [
        { ...office, from: '00:00', to: '24:00' },
        { ...office, from: '22:00', to: '06:00' },
      ],
    },
  ] as const;
  const chosen = defineConfig({
    ...smallest,
    texts: { fr, 'pt-BR': { paid: null } },
    statusMap: { 'in transit': 'shipped' },
    policy: { shipped: 'edit' },
    priority: { default: 'low', announcements: 'high', refunded: 'normal' },
    sender: { groupId: ' g ' },
    freshnessHours: 0.5,
    presence: {
      agents: agents.map((agent) => ({
        ...agent,
        shifts: agent.shifts.map((each) => ({ ...each, days: [...each.days] })),
      })),
      keepOnline: 1,
    },
    requests: { limit: 600, scope: 'endpoint' },
    onUnknownOutcome: 'resend',
    definiteStatuses: [500, 599],
  });
  expect(chosen).toMatchObject({
    texts: { fr, 'pt-BR': { paid: null } },
    statusMap: { 'in transit': 'shipped' },
    policy: { default: 'append', shipped: 'edit' },
    priority: { default: 'low', announcements: 'high', refunded: 'normal' },
    sender: { groupId: 'g' },
    freshnessHours: 0.5,
    presence: { agents, keepOnline: 1 },
    requests: { limit: 600, windowSeconds: 3600, scope: 'endpoint' },
    onUnknownOutcome: 'resend',
    definiteStatuses: [500, 599],
  });
});

test('the types refuse what the validation refuses', () => {
  const { shipped: _, ...incomplete } = fr;
  const wrong = [
    // @ts-expect-error The default locale has a text for every status.
    () => defineConfig({ defaultLocale: 'fr', texts: { fr: incomplete } }),
    // @ts-expect-error There is no such status.
    () => defineConfig({ ...smallest, texts: { fr, de: { shiped: null } } }),
    // @ts-expect-error The default locale has texts.
    () => defineConfig({ defaultLocale: 'en', texts: { fr } }),
    // @ts-expect-error There is no such status to map to.
    () => defineConfig({ ...smallest, statusMap: { done: 'finished' } }),
    // @ts-expect-error A message is from an agent or from a group.
    () => defineConfig({ ...smallest, sender: { agentId: 'a', groupId: 'g' } }),
    // @ts-expect-error An agent needs a whole identity.
    () => defineConfig({ ...smallest, presence: { agents: [{ agentEmail: 'a@example.com', shifts: [] }] } }),
  ];
  for (const each of wrong) expect(each).toThrow(ConfigError);
});

test('a shop’s own status is named like a built-in one, and has texts, policy and priority', () => {
  const engraving = () => 'Gravure en cours';
  const chosen = defineConfig({
    defaultLocale: 'fr',
    texts: { fr: { ...fr, engraving: (order) => `Gravure de ${order.number}` }, de: { engraving } },
    statuses: { engraving: { after: 'paid', about: 'order' } },
    statusMap: { 'wc-engraving': 'engraving', 'checkout-draft': 'ignore' },
    policy: { engraving: 'edit' },
    priority: { engraving: 'low' },
  });
  expect(chosen).toMatchObject({
    statuses: { engraving: { after: 'paid', about: 'order' } },
    statusMap: { 'wc-engraving': 'engraving', 'checkout-draft': 'ignore' },
    policy: { engraving: 'edit' },
    priority: { engraving: 'low' },
  });
});

test('every complete language must have a text for the shop’s own status', () => {
  const statuses = { engraving: { after: 'paid', about: 'order' } } as const;
  const { shipped: _, ...incomplete } = fr;
  const engraving = () => 'Gravure en cours';
  const wrong = [
    // @ts-expect-error French is the default language.
    () => defineConfig({ ...smallest, statuses }),
    // @ts-expect-error German is complete but for the shop's own status.
    () => defineConfig({ defaultLocale: 'fr', texts: { fr: { ...fr, engraving }, de: fr }, statuses }),
    // @ts-expect-error There is no such status.
    () => defineConfig({ ...smallest, statusMap: { engraved: 'engraving' } }),
    // @ts-expect-error There is no such status to come after.
    () => defineConfig({ ...smallest, statuses: { engraving: { after: 'engraved', about: 'order' } } }),
  ];
  for (const each of wrong) expect(each).toThrow(ConfigError);
  expect(faults({ statuses })).toEqual(['texts.fr.engraving: is required, because fr is the default locale']);
  const given = { statuses, texts: { fr: { ...fr, engraving }, de: fr, es: incomplete } };
  expect(faults(given)).toEqual([
    'texts.de.engraving: is required, because de has a text for every other status',
  ]);
});

test('a source of the shop’s own has a name of its own, and may have a tolerance', () => {
  const acme = hmacSource({ header: 'x-acme', encoding: 'hex', read: () => [] });
  const webhooks = { toleranceSeconds: { acme: 600, stripe: 60 } };
  expect(defineConfig({ ...smallest, sources: { acme }, webhooks })).toMatchObject({
    sources: { acme },
    webhooks,
  });
  expect(() => defineConfig({ ...smallest, sources: { stripe: acme, Acme: acme } })).toThrow(
    /sources\.stripe: is a built-in source\n.*sources\.Acme: expected small letters/,
  );
  expect(() => defineConfig({ ...smallest, webhooks })).toThrow(
    /toleranceSeconds\.acme: is no source; .*brevo/,
  );
  expect(() => Reflect.apply(defineConfig, undefined, [{ ...smallest, sources: { acme: {} } }])).toThrow(
    /sources\.acme: expected hmacSource/,
  );
});

test('a text may be missing in any locale but the default one', () => {
  const { shipped: _, paid: __, ...incomplete } = fr;
  expect(faults({ texts: { fr, de: incomplete } })).toEqual([]);
  expect(faults({ texts: { fr: incomplete } })).toEqual([
    'texts.fr.paid: is required, because fr is the default locale',
    'texts.fr.shipped: is required, because fr is the default locale',
  ]);
  expect(faults({ texts: { de: fr } })).toEqual(['texts.fr: is required, because fr is the default locale']);
});

const known = 'for an order with all fields';
const bare = 'for an order with only a number';

test.each<[string, unknown, string]>([
  ['is blank', () => ' \n', `must not be blank (use null to send no message), ${known}`],
  [
    'is blank where something is missing',
    (order: { total?: string }) => order.total ?? '',
    `must not be blank (use null to send no message), ${bare}`,
  ],
  [
    'throws',
    () => {
      throw new Error('no idea');
    },
    `throws Error: no idea, ${known}`,
  ],
  [
    'throws where something is missing',
    (order: { items: string }) => order.items.trim(),
    `throws TypeError: Cannot read properties of undefined (reading 'trim'), ${bare}`,
  ],
  [
    'shows a missing value',
    (order: { carrier?: string }) => `By ${order.carrier}.`,
    `must omit missing values, but returns 'By undefined.', ${bare}`,
  ],
  [
    'shows an object',
    (order: object) => `${order}`,
    `must omit missing values, but returns '[object Object]', ${known}`,
  ],
  ['is not a string', async () => 'later', `must return a text, ${known}`],
  ['is not a function', 'Shipped!', 'must be a function that returns a text, or null to send no message'],
  ['is undefined', undefined, 'must be a function that returns a text, or null to send no message'],
])('a text that %s is refused by its name', (_, text, fault) => {
  expect(faults({ texts: { fr, de: { shipped: text } } })).toEqual([`texts.de.shipped: ${fault}`]);
});

test('every status of every locale is tried', () => {
  const blank = Object.fromEntries(orderStatuses.map((status) => [status, () => '']));
  const named = faults({ texts: { fr: blank, de: blank } }).map((fault) => fault.split(':')[0]);
  expect(named).toEqual(
    ['fr', 'de'].flatMap((locale) => orderStatuses.map((status) => `texts.${locale}.${status}`)),
  );
});

test('a text may be null to send no message', () => {
  const silent: OrderTexts = { ...fr, pending: null };
  expect(faults({ texts: { fr: silent } })).toEqual([]);
});

const options = (...values: string[]) =>
  `Invalid option: expected one of ${values.map((value) => `"${value}"`).join('|')}`;
const noLocale = 'must be a language tag such as fr or pt-BR';
const alreadyStatus = 'is a built-in status and cannot be mapped to another';

test.each<[object, string[]]>([
  [{ defaultLocale: undefined }, ['defaultLocale: is required']],
  [{ defaultLocale: 'french' }, [`defaultLocale: ${noLocale}`]],
  [{ texts: undefined }, ['texts: is required']],
  [{ texts: [] }, ['texts: Invalid input: expected record, received array']],
  [{ texts: { fr: 3 } }, ['texts.fr: Invalid input: expected record, received number']],
  [{ texts: { fr: null } }, ['texts.fr: Invalid input: expected record, received null']],
  [
    { texts: { fr, french: {}, pt_BR: {}, FR: {} } },
    [`texts.french: ${noLocale}`, `texts.pt_BR: ${noLocale}`, `texts.FR: ${noLocale}`],
  ],
  [{ texts: { fr, de: { shiped: null } } }, ['texts.de.shiped: does not belong here']],
  [{ statusMap: { done: 'finished' } }, [`statusMap.done: ${options(...orderStatuses, 'ignore')}`]],
  [
    { statusMap: { paid: 'shipped', ' paid ': 'shipped' } },
    [`statusMap.paid: ${alreadyStatus}`, `statusMap[" paid "]: ${alreadyStatus}`],
  ],
  [
    { statuses: { paid: { after: 'pending', about: 'order' }, ignore: { after: 'paid', about: 'order' } } },
    [
      'statuses.paid: is a built-in status',
      'statuses.ignore: is a built-in status',
      'texts.fr.ignore: is required, because fr is the default locale',
    ],
  ],
  [
    { texts: { fr: { ...fr, laser: null } }, statuses: { laser: { after: 'paid', about: 'parcel' } } },
    [`statuses.laser.about: ${options('order', 'shipment', 'refund')}`],
  ],
  [{ statusMap: { '': 'paid' } }, ['statusMap.: Too small: expected string to have >=1 characters']],
  [
    { policy: { default: 'send', shiped: 'edit' } },
    [`policy.default: ${options('append', 'edit', 'replace')}`, 'policy.shiped: does not belong here'],
  ],
  [{ policy: 'edit' }, ['policy: Invalid input: expected record, received string']],
  [
    { priority: { announcements: 'urgent' } },
    [`priority.announcements: ${options('high', 'normal', 'low')}`],
  ],
  [
    { sender: { agentID: 'a', groupId: '' } },
    [
      'sender.groupId: Too small: expected string to have >=1 characters',
      'sender.agentID: does not belong here',
    ],
  ],
  [{ sender: { agentId: 'a', groupId: 'g' } }, ['sender: must be an agent or a group, not both']],
  [{ freshnessHours: 0 }, ['freshnessHours: Too small: expected number to be >0']],
  [{ freshnessHours: Number.NaN }, ['freshnessHours: Invalid input: expected number, received NaN']],
  [
    { requests: { limit: 1, windowSeconds: 0.5, scope: 'all', perHour: 100 } },
    [
      'requests.limit: Too small: expected number to be >=2',
      'requests.windowSeconds: Invalid input: expected int, received number',
      `requests.scope: ${options('account', 'endpoint')}`,
      'requests.perHour: does not belong here',
    ],
  ],
  [{ requests: { windowSeconds: 0 } }, ['requests.windowSeconds: Too small: expected number to be >0']],
  [{ onUnknownOutcome: 'drop' }, [`onUnknownOutcome: ${options('hold', 'resend')}`]],
  [
    { definiteStatuses: [499, 500, 599, 600, 503.5] },
    [
      'definiteStatuses[0]: Too small: expected number to be >=500',
      'definiteStatuses[3]: Too big: expected number to be <=599',
      'definiteStatuses[4]: Invalid input: expected int, received number',
    ],
  ],
  [{ presence: { agents: [], keepOnline: 0 } }, ['presence.keepOnline: Too small: expected number to be >0']],
  [{ texts2: {} }, ['texts2: does not belong here']],
])('%j is refused', (config, expected) => {
  expect(faults(config)).toEqual(expected);
});

const shiftFaults = (shift: object) =>
  faults({ presence: { agents: [{ agentId: 'a', shifts: [office, { ...office, ...shift }] }] } });
const noTime = 'must be a time such as 09:00';
const noEnd = 'must be a time such as 18:00, at most 24:00';

test.each<[object, string[]]>([
  [{ from: '9:00' }, [`from: ${noTime}`]],
  [{ from: '24:00' }, [`from: ${noTime}`]],
  [{ from: '09:60' }, [`from: ${noTime}`]],
  [{ from: 9 }, ['from: Invalid input: expected string, received number']],
  [{ to: '24:01' }, [`to: ${noEnd}`]],
  [{ to: '18h' }, [`to: ${noEnd}`]],
  [{ to: undefined }, ['to: is required']],
  [{ to: '09:00' }, ['to: must differ from the start (00:00 to 24:00 is the whole day)']],
  [{ days: ['mon', 'monday'] }, [`days[1]: ${options('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')}`]],
  [{ days: [] }, ['days: Too small: expected array to have >=1 items']],
  [{ timeZone: 'Europe/Pari' }, ['timeZone: must be a time zone such as Europe/Paris']],
  [{ timeZone: '' }, ['timeZone: must be a time zone such as Europe/Paris']],
  [{ until: '18:00' }, ['until: does not belong here']],
])('a shift with %j is refused', (shift, expected) => {
  expect(shiftFaults(shift)).toEqual(expected.map((fault) => `presence.agents[0].shifts[1].${fault}`));
});

const shifts = [office];
const whole = { agentEmail: 'shop@example.com', agentName: 'Shop', receivedFrom: 'bridge', shifts };

test.each<[string, unknown, string[]]>([
  [
    'half an identity',
    { agentEmail: 'shop@example.com', agentName: 'Shop', shifts },
    ['.receivedFrom: is required'],
  ],
  ['no identity', { shifts }, ['.agentId: is required']],
  ['two identities', { ...whole, agentId: 'a' }, ['.agentId: does not belong here']],
  ['a blank id', { agentId: ' ', shifts }, ['.agentId: Too small: expected string to have >=1 characters']],
  ['no e-mail address', { ...whole, agentEmail: 'shop' }, ['.agentEmail: Invalid email address']],
  ['no shifts', { agentId: 'a', shifts: [] }, ['.shifts: Too small: expected array to have >=1 items']],
  ['no fields', null, [': Invalid input: expected object, received null']],
])('an agent with %s is refused', (_, agent, expected) => {
  expect(faults({ presence: { agents: [agent] } })).toEqual(
    expected.map((fault) => `presence.agents[0]${fault}`),
  );
});

test('an agent that is listed twice is refused, by id or by e-mail address', () => {
  const byId = { agentId: 'a', shifts };
  const shouted = { ...whole, agentEmail: 'SHOP@example.com' };
  expect(faults({ presence: { agents: [byId, whole, byId, shouted] } })).toEqual([
    'presence.agents[2]: is the same agent as presence.agents[0]',
    'presence.agents[3]: is the same agent as presence.agents[1]',
  ]);
});

test('one error names every fault of every kind', () => {
  const { refunded: _, ...incomplete } = fr;
  const agent = { agentId: 'a', shifts: [{ ...office, from: '9' }] };
  expect(
    faults({
      texts: { fr: { ...incomplete, paid: () => '' }, de: 3 },
      freshnessHours: '24',
      presence: { agents: [agent, agent, {}] },
    }),
  ).toEqual([
    `texts.fr.paid: must not be blank (use null to send no message), ${known}`,
    'texts.de: Invalid input: expected record, received number',
    'freshnessHours: Invalid input: expected number, received string',
    `presence.agents[0].shifts[0].from: ${noTime}`,
    `presence.agents[1].shifts[0].from: ${noTime}`,
    'presence.agents[2].agentId: is required',
    'presence.agents[2].shifts: is required',
    'presence.agents[1]: is the same agent as presence.agents[0]',
    'texts.fr.refunded: is required, because fr is the default locale',
  ]);
});

test('a missing configuration is refused too', () => {
  expect(() => Reflect.apply(defineConfig, undefined, [])).toThrow(
    'bridge.config.ts is not valid:\n  config: is required',
  );
});

test.each(['https://office.example.com', 'http://127.0.0.1:4000'])(
  '%s is accepted as an origin',
  (origin) => {
    expect(defineConfig({ ...smallest, http: { origins: [origin] } }).http.origins).toEqual([origin]);
  },
);

test.each(['https://office.example.com/', 'office.example.com', '*', 'https://office.example.com/app', ''])(
  '%s is refused as an origin',
  (origin) => {
    expect(() => defineConfig({ ...smallest, http: { origins: [origin] } })).toThrow(/http\.origins\[0\]/);
  },
);
