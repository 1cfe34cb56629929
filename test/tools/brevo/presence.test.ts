import { expect, test } from 'vitest';
import { liz, simulatedBrevo, tom } from './simulated-brevo.ts';

const online = (value: boolean) => [
  expect.objectContaining({ id: liz.id, online: value }),
  expect.objectContaining({ id: tom.id, online: false }),
];

test('a ping answers 201 with an empty body and puts that agent online', async () => {
  const { call, control } = await simulatedBrevo();
  expect((await control('GET', '/agents')).json).toEqual(online(false));
  const { status, text, headers } = await call('POST', '/agentOnlinePing', { agentId: liz.id });
  expect({ status, text, length: headers.get('content-length') }).toEqual({
    status: 201,
    text: '',
    length: '0',
  });
  expect((await control('GET', '/agents')).json).toEqual(online(true));
});

test.each([
  ['two minutes at least', () => 0, 120_000],
  ['three minutes at most', () => 0.999_999_999, 179_999],
])('a ping holds for %s', async (_, random, heldMs) => {
  const { call, control, clock } = await simulatedBrevo({ random });
  await call('POST', '/agentOnlinePing', { agentId: liz.id });
  clock.now += heldMs - 1;
  expect((await control('GET', '/agents')).json).toEqual(online(true));
  clock.now += 1;
  expect((await control('GET', '/agents')).json).toEqual(online(false));
});

test('a ping in time holds the agent online without a gap, and how long is drawn anew', async () => {
  const { call, control, clock } = await simulatedBrevo();
  const ends = new Set<unknown>();
  for (let minute = 0; minute < 5; minute += 1) {
    await call('POST', '/agentOnlinePing', { agentId: liz.id });
    const { json } = await control('GET', '/agents');
    expect(json).toEqual(online(true));
    if (Array.isArray(json)) ends.add(json[0].onlineUntil - clock.now);
    clock.now += 60_000;
  }
  expect(ends.size).toBe(5);
});

test('an unknown e-mail address is pinged as a dummy agent', async () => {
  const { call, control } = await simulatedBrevo();
  const who = { agentEmail: 'new@example.com', agentName: 'New', receivedFrom: 'shop' };
  expect((await call('POST', '/agentOnlinePing', who)).status).toBe(201);
  expect((await control('GET', '/agents')).json).toContainEqual(
    expect.objectContaining({ name: 'New', isDummy: true, online: true }),
  );
});

test.each([
  ['nobody', {}, 'missing_parameter'],
  ['half an identity', { agentEmail: 'a@example.com', receivedFrom: 'shop' }, 'missing_parameter'],
  ['an unknown id', { agentId: 'nobody' }, 'invalid_parameter'],
])('a ping for %s is refused with 400', async (_, body, code) => {
  const { call } = await simulatedBrevo();
  expect(await call('POST', '/agentOnlinePing', body)).toMatchObject({ status: 400, json: { code } });
});
