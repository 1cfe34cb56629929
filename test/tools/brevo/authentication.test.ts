import { expect, test } from 'vitest';
import { simulatedBrevo } from './simulated-brevo.ts';

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
