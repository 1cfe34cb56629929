import { fc, test as lawTest } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { type Counts, countRequest, limitHeaders } from '../../../tools/brevo/admission.ts';
import { liz, simulatedBrevo } from './simulated-brevo.ts';

const refused = (message: string) => ({
  status: 401,
  json: { code: 'unauthorized', message: expect.stringContaining(message) },
});

test('401 has three faces: no key, a wrong key, an address that is not allowed', async () => {
  const { brevo, call, control } = await simulatedBrevo();
  const keyless = await fetch(`${brevo.baseUrl}/conversations/messages/x`);
  expect({ status: keyless.status, json: await keyless.json() }).toMatchObject(
    refused('authentication not found in headers'),
  );
  expect(await call('GET', '/messages/x', undefined, { 'api-key': 'wrong' })).toMatchObject(
    refused('Key not found'),
  );

  await control('POST', '/switches', { ipRestricted: true });
  expect(await call('GET', '/messages/x')).toMatchObject(refused('unrecognised IP address'));
  await control('POST', '/switches', { ipRestricted: false });
  expect((await call('GET', '/messages/x')).status).toBe(404);
});

test('a partner key may be missing, but not be wrong', async () => {
  const { call } = await simulatedBrevo({ partnerKey: 'partner' });
  expect((await call('GET', '/messages/x')).status).toBe(404);
  expect((await call('GET', '/messages/x', undefined, { 'partner-key': 'partner' })).status).toBe(404);
  expect((await call('GET', '/messages/x', undefined, { 'partner-key': 'other' })).status).toBe(401);
});

test('a request that is refused changes nothing and does not count', async () => {
  const { call, control } = await simulatedBrevo();
  const { headers } = await call(
    'POST',
    '/pushedMessages',
    { visitorId: 'v', text: 't' },
    { 'api-key': 'wrong' },
  );
  expect(headers.get('x-sib-ratelimit-remaining')).toBe('100');
  expect((await control('GET', '/messages')).json).toEqual([]);
});

test('the key appears neither in the request log nor in a snapshot', async () => {
  const { brevo, call, control } = await simulatedBrevo();
  await call('GET', '/messages/x?secret=right-key');
  expect((await control('GET', '/requests')).text).not.toContain('right-key');
  expect(JSON.stringify(brevo.snapshot())).not.toContain('right-key');
});

const rates = ({ headers, status }: { headers: Headers; status: number }) => [
  status,
  ...['limit', 'remaining', 'reset'].map((name) =>
    Number(headers.get(`x-sib-ratelimit-${name}`) ?? Number.NaN),
  ),
];

test('every answer says what is left of 100 requests an hour, and how many seconds it is until the reset', async () => {
  const { call, clock } = await simulatedBrevo();
  expect(rates(await call('GET', '/messages/x'))).toEqual([404, 100, 99, 3600]);
  clock.now += 90_500;
  expect(rates(await call('POST', '/agentOnlinePing', { agentId: liz.id }))).toEqual([201, 100, 98, 3510]);
  expect(rates(await call('GET', '/unknown'))).toEqual([404, 100, 97, 3510]);
});

test('beyond the limit is 429: nothing is applied, and the refused request does not count', async () => {
  const { call, control, push, clock } = await simulatedBrevo({ limit: { limit: 2, windowSeconds: 60 } });
  await push();
  await push();
  for (let i = 0; i < 3; i += 1) {
    const refused = await call('POST', '/pushedMessages', { visitorId: 'visitor-1', text: 'x' });
    expect(rates(refused)).toEqual([429, 2, 0, 60]);
    expect(refused.json).toEqual({ message: expect.stringContaining('rate limit') });
  }
  expect((await control('GET', '/messages')).json).toHaveLength(2);
  clock.now += 60_000;
  expect(rates(await call('GET', '/messages/x'))).toEqual([404, 2, 1, 60]);
});

test('a fixed window opens with its first request and forgets all at once', async () => {
  const { call, clock } = await simulatedBrevo({ limit: { limit: 2, windowSeconds: 60, kind: 'fixed' } });
  const get = async () => rates(await call('GET', '/messages/x'));
  await get();
  clock.now += 50_000;
  expect(await get()).toEqual([404, 2, 0, 10]);
  clock.now += 9_999;
  expect(await get()).toEqual([429, 2, 0, 1]);
  clock.now += 1;
  expect(await get()).toEqual([404, 2, 1, 60]);
});

test('a sliding window forgets each request by itself', async () => {
  const { call, clock } = await simulatedBrevo({ limit: { limit: 2, windowSeconds: 60, kind: 'sliding' } });
  const get = async () => rates(await call('GET', '/messages/x'));
  await get();
  clock.now += 50_000;
  expect(await get()).toEqual([404, 2, 0, 10]);
  clock.now += 10_000;
  expect(await get()).toEqual([404, 2, 0, 50]);
  expect(await get()).toEqual([429, 2, 0, 50]);
});

test('the limit can be shared by the account, or be one for each method and path', async () => {
  const { call, control } = await simulatedBrevo({ limit: { limit: 1 } });
  const statuses = async () => [
    (await call('GET', '/messages/a')).status,
    (await call('GET', '/messages/b')).status,
    (await call('GET', '/pushedMessages/a')).status,
    (await call('DELETE', '/messages/a')).status,
  ];
  expect(await statuses()).toEqual([404, 429, 429, 429]);
  await control('POST', '/limit', { scope: 'endpoint' });
  expect(await statuses()).toEqual([404, 429, 404, 404]);
});

test('the headers can be left out', async () => {
  const { call } = await simulatedBrevo({ switches: { rateLimitHeaders: false } });
  const { headers } = await call('GET', '/messages/x');
  expect([...headers.keys()].filter((name) => name.startsWith('x-sib'))).toEqual([]);
});

const arrivals = fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 60 });

lawTest.prop([arrivals, fc.constantFrom('fixed', 'sliding'), fc.integer({ min: 1, max: 5 })])(
  'no window lets more through than its kind allows, and waiting for the reset is always enough',
  (gaps, kind, size) => {
    const limit = { limit: size, windowSeconds: 60, kind, scope: 'account' } as const;
    const counts: Counts = new Map();
    const at = (time: number) => ({ counts, limit, endpoint: 'x', at: time });
    const passed: number[] = [];
    let now = 0;
    for (const gap of gaps) {
      now += gap;
      if (countRequest(at(now))) passed.push(now);
      else {
        const reset = Number(limitHeaders(at(now))['x-sib-ratelimit-reset']);
        expect(countRequest({ ...at(now + reset * 1000), counts: structuredClone(counts) })).toBe(true);
      }
    }
    const most = kind === 'sliding' ? size : 2 * size - 1;
    for (const start of passed) {
      expect(passed.filter((time) => time >= start && time < start + 60_000).length).toBeLessThanOrEqual(
        most,
      );
    }
  },
);
