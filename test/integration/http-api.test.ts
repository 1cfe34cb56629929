import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { choosePorts } from '../../tools/local/ports.ts';
import { expectDocumented } from '../support/http-api.ts';
import { freeBase, newDirectory, runLocally, untilHealthy } from '../support/local-run.ts';

const right = { authorization: 'Bearer local-token' };
const json = { ...right, 'content-type': 'application/json' };

/** Runs `npm start`, sends requests to its HTTP API, and validates the answers against the OpenAPI document. */
const start = async () => {
  const base = await freeBase();
  const { child } = await runLocally(base, await newDirectory());
  await untilHealthy(base, child);
  const { httpApi, brevo } = choosePorts({ LOCAL_PORT: String(base) });
  const api = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = json,
  ) => {
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(`http://127.0.0.1:${httpApi}${path}`, init);
    const text = await response.text();
    const answer = {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: text === '' ? undefined : JSON.parse(text),
    };
    const [type] = (answer.headers['content-type'] ?? '').split(';');
    expectDocumented(method, path, { ...answer, headers: type && text ? { 'content-type': type } : {} });
    return answer;
  };
  const chat = async (visitorId: string) => {
    const response = await fetch(`http://127.0.0.1:${brevo}/control/messages?visitorId=${visitorId}`);
    return z
      .array(z.object({ text: z.string(), deletedAt: z.nullable(z.number()) }))
      .parse(await response.json())
      .filter(({ deletedAt }) => deletedAt === null)
      .map(({ text }) => text);
  };
  return { api, chat };
};

test('each route of the local run answers as documented, in success and in error', {
  timeout: 240_000,
}, async () => {
  const { api, chat } = await start();
  const statusOf = async (...call: Parameters<typeof api>) => (await api(...call)).status;
  const hello = { visitorId: 'v1', text: 'Grüße', reference: 'a/b' };

  const posted = await api('POST', '/pushed-messages', hello);
  expect(posted).toMatchObject({ status: 201, body: { text: 'Grüße', reference: 'a/b' } });
  const message = String(posted.headers.location);
  expect(await api('POST', '/pushed-messages', hello)).toMatchObject({ status: 201, body: posted.body });
  expect(await statusOf('POST', '/pushed-messages', { ...hello, text: 'x' })).toBe(409);
  expect(await statusOf('POST', '/pushed-messages', { visitorId: 'v1' })).toBe(400);
  expect(await statusOf('POST', '/pushed-messages', hello, { ...right, 'content-type': 'text/plain' })).toBe(
    415,
  );
  expect(await statusOf('POST', '/pushed-messages', { ...hello, text: 'x'.repeat(300_000) })).toBe(413);

  expect(await api('GET', message)).toMatchObject({ status: 200, body: { text: 'Grüße', reference: 'a/b' } });
  expect(await api('PUT', message, { text: 'Hi' })).toMatchObject({ status: 200, body: { text: 'Hi' } });
  expect(await statusOf('PUT', message, {})).toBe(400);
  expect(await statusOf('GET', '/pushed-messages/unknown')).toBe(404);
  expect(await statusOf('PUT', '/pushed-messages/unknown', { text: 'x' })).toBe(404);
  expect(await statusOf('DELETE', '/pushed-messages/unknown')).toBe(404);

  for (const path of ['/notices/a%2Fb', '/notices/a/b'])
    expect(await api('GET', path)).toMatchObject({ status: 200, body: { text: 'Hi', state: 'settled' } });
  expect(await api('PUT', '/notices/a%2Fb', { text: 'Hey' })).toMatchObject({
    status: 200,
    body: { text: 'Hey' },
  });
  expect(await chat('v1')).toEqual(['Hey']);
  expect(await statusOf('DELETE', message)).toBe(204);
  expect(await chat('v1')).toEqual([]);
  expect(await api('PUT', '/notices/a%2Fb', { text: 'Back' })).toMatchObject({ status: 200 });
  expect(await chat('v1')).toEqual(['Back']);
  expect(await statusOf('POST', '/notices/a%2Fb/resolve', { action: 'drop' })).toBe(409);
  expect(await statusOf('POST', '/notices/a%2Fb/resolve', { action: 'x' })).toBe(400);
  expect(await api('POST', '/notices/retry')).toMatchObject({
    status: 202,
    body: { retried: 0, more: false },
  });
  expect(await api('DELETE', '/notices/a%2Fb')).toMatchObject({ status: 200, body: { messages: [] } });
  expect(await statusOf('GET', '/notices/unknown')).toBe(404);
  expect(await statusOf('PUT', '/notices/unknown', { text: 'x' })).toBe(404);
  expect(await statusOf('DELETE', '/notices/unknown')).toBe(404);
  expect(await api('GET', '/notices')).toMatchObject({ status: 200, body: { notices: [] } });
  expect(await api('GET', '/notices?held')).toMatchObject({ status: 200, body: { notices: [] } });
  expect(await statusOf('GET', '/notices?limit=0')).toBe(400);

  expect(await statusOf('GET', '/erasures?visitorId=v1')).toBe(404);
  expect(await api('POST', '/erasures', { visitorId: 'v1' })).toMatchObject({
    status: 202,
    body: { visitorId: 'v1' },
  });
  expect(await api('GET', '/erasures?visitorId=v1')).toMatchObject({ status: 200 });

  const agentId = 'd9nKoegKSjmCtyK78';
  expect(await statusOf('POST', '/agents/online-ping', { agentId: 'nobody' })).toBe(422);
  expect(await statusOf('POST', '/agents/online-ping', {})).toBe(400);
  const agents = { agentEmail: 'liz@example.com', agentName: 'Liz', receivedFrom: 'shop' };
  expect(await statusOf('POST', '/agents/online-ping', agents)).toBe(204);
  const said = await api('POST', '/messages', { visitorId: 'v2', text: 'Hello', ...agents });
  expect(said).toMatchObject({ status: 201, body: { text: 'Hello' } });
  expect(
    await statusOf('POST', '/messages', { visitorId: 'v2', text: 'Hello', agentId, agentName: 'x' }),
  ).toBe(400);
  const own = String(said.headers.location);
  expect(await api('GET', own)).toMatchObject({ status: 200, body: { text: 'Hello' } });
  expect(await api('PUT', own, { text: 'Good day' })).toMatchObject({
    status: 200,
    body: { text: 'Good day' },
  });
  expect(await chat('v2')).toEqual(['Good day']);
  expect(await statusOf('DELETE', own)).toBe(204);
  expect(await statusOf('GET', own)).toBe(404);

  for (const authorization of ['', 'Bearer ', 'Bearer local-tokem'])
    expect(await statusOf('GET', '/notices', undefined, { authorization })).toBe(401);
  expect(await statusOf('GET', '/notices', undefined, {})).toBe(401);
  expect(await statusOf('GET', '/nothing')).toBe(404);
  expect(await api('PATCH', '/notices/a')).toMatchObject({
    status: 405,
    headers: { allow: 'GET, PUT, DELETE' },
  });
  expect(await api('GET', '/openapi.json', undefined, {})).toMatchObject({ body: { openapi: '3.1.1' } });

  // The budget is used up at the end, and the answer says when to try again.
  for (let index = 0; (await statusOf('GET', '/messages/unknown')) !== 429; index++) {
    expect(index).toBeLessThan(200);
    await sleep(0);
  }
  const waiting = await api('POST', '/pushed-messages', { ...hello, visitorId: 'v3', reference: 'late' });
  expect(waiting).toMatchObject({ status: 202, body: { state: 'pending' } });
  expect(Number(waiting.headers['retry-after'])).toBeGreaterThan(60);
});
