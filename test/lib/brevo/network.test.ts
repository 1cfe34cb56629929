import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { expect, test } from 'vitest';
import { NotSent, OutcomeUnknown } from '../../../lib/brevo/errors.ts';
import { simulatedBrevo } from '../../tools/brevo/simulated-brevo.ts';
import { selfSigned } from './self-signed.ts';
import { clientOf, deadPort, failureOf, listen, serve } from './servers.ts';

const hello = { visitorId: 'visitor-1', text: 'Hello' };
const post = (baseUrl: string, timeoutMs = 5_000) =>
  failureOf(clientOf(baseUrl, { timeoutMs }).pushedMessages.post(hello));

const expectNotSent = (error: unknown) => {
  expect(error).toBeInstanceOf(NotSent);
  expect(error).toMatchObject({
    method: 'POST',
    path: '/conversations/pushedMessages',
    message: 'POST /conversations/pushedMessages: could not connect to Brevo',
    cause: expect.any(Error),
    rateLimit: {},
  });
};

const expectUnknown = (error: unknown) => {
  expect(error).toBeInstanceOf(OutcomeUnknown);
  expect(error).toMatchObject({
    message: 'POST /conversations/pushedMessages: no answer from Brevo, the outcome is unknown',
    cause: expect.any(Error),
    rateLimit: {},
  });
};

test('nothing is sent if no server listens, on one address or on several', async () => {
  const port = await deadPort();
  expectNotSent(await post(`http://127.0.0.1:${port}`));
  expectNotSent(await post(`http://localhost:${port}`));
});

test('nothing is sent to a host name that does not exist', async () => {
  expectNotSent(await post('https://brevo.invalid/v3'));
});

test('nothing is sent to a server with an untrusted certificate', async () => {
  const received: string[] = [];
  const server = createTlsServer(selfSigned(), (socket) => {
    socket.on('data', (data) => received.push(data.toString())).on('error', () => {});
  });
  const error = await post(`https://127.0.0.1:${await listen(server)}`);
  expectNotSent(error);
  expect(error).toMatchObject({ cause: { cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } } });
  expect(received).toEqual([]);
});

test('nothing is sent to a server that agrees to no cipher', async () => {
  expectNotSent(await post(`https://127.0.0.1:${await listen(createTlsServer())}`));
});

test('nothing is sent to a server that does not speak TLS', async () => {
  const url = await serve((_, response) => response.end());
  expectNotSent(await post(url.replace('http:', 'https:')));
});

test('nothing is sent to a server that closes the connection during the handshake', async () => {
  const server = createServer((socket) => socket.once('data', () => socket.end()));
  expectNotSent(await post(`https://127.0.0.1:${await listen(server)}`));
});

test('the outcome is unknown after a timeout', async () => {
  const error = await post(await serve(() => {}), 60);
  expectUnknown(error);
  expect(error).toMatchObject({ cause: { name: 'TimeoutError' } });
});

test('the timeout includes the response body', async () => {
  const url = await serve((_, response) => response.writeHead(200).write('{"id":'));
  const error = await post(url, 60);
  expectUnknown(error);
  expect(error).toMatchObject({ cause: { name: 'TimeoutError' } });
});

test('the outcome is unknown if the connection ends before the answer', async () => {
  expectUnknown(await post(await serve((request) => request.socket.resetAndDestroy())));
  expectUnknown(await post(await serve((request) => request.socket.end())));
});

test('the outcome is unknown if the answer is cut off', async () => {
  const cut = await serve(({ socket }, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"id":"m1"}', () => socket.destroy());
  });
  expectUnknown(await post(cut));
});

test('the outcome is unknown if the answer cannot be decompressed', async () => {
  const url = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('{}'));
  expectUnknown(await post(url));
});

test('the outcome is unknown if the answer is not HTTP', async () => {
  expectUnknown(await post(await serve(({ socket }) => socket.end('SMTP ready\r\n\r\n'))));
});

test('a request may have taken effect although its outcome is unknown', async () => {
  const { brevo, control } = await simulatedBrevo();
  await control('POST', '/faults', [{ kind: 'reset-before' }, { kind: 'reset-after' }]);
  expectUnknown(await post(brevo.baseUrl));
  expect((await control('GET', '/messages')).json).toEqual([]);
  expectUnknown(await post(brevo.baseUrl));
  expect((await control('GET', '/messages')).json).toMatchObject([hello]);
});

test('the client never repeats a request', async () => {
  let requests = 0;
  const url = await serve(({ socket }) => {
    requests += 1;
    socket.resetAndDestroy();
  });
  const { pushedMessages, pingAgent } = clientOf(url);
  await failureOf(pushedMessages.post(hello));
  await failureOf(pushedMessages.get('m1'));
  await failureOf(pushedMessages.update('m1', 'x'));
  await failureOf(pushedMessages.delete('m1'));
  await failureOf(pingAgent({ agentId: 'a' }));
  expect(requests).toBe(5);
});
