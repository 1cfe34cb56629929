import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSocketServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { clientOf, listen } from './servers.ts';

interface Received {
  line: string;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
}

/** Runs the calls against a server that always answers with a message, and returns the requests that it received. */
const received = async (
  calls: (client: ReturnType<typeof clientOf>) => Promise<unknown>,
  keys: { apiKey: string; partnerKey?: string },
): Promise<Received[]> => {
  const requests: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    requests.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
    response.end('{"id":"m1"}');
  });
  const url = `http://127.0.0.1:${await listen(server)}/v3`;
  await calls(clientOf(url, { credentials: async () => keys }));
  return requests;
};

test('a request with a body names its sender and its content type', async () => {
  const requests = await received(
    ({ pushedMessages }) => pushedMessages.post({ visitorId: 'v', text: 'Ünï 💬 "x"', groupId: undefined }),
    { apiKey: 'a-key', partnerKey: 'a-partner' },
  );
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(requests).toEqual([
    {
      line: 'POST /v3/conversations/pushedMessages',
      headers: expect.objectContaining({
        'api-key': 'a-key',
        'partner-key': 'a-partner',
        'user-agent': `conversations-bridge/${version}`,
        'content-type': 'application/json',
        accept: 'application/json',
        connection: 'close',
      }),
      body: '{"visitorId":"v","text":"Ünï 💬 \\"x\\""}',
    },
  ]);
});

test('a request without a body has no content type, and without a partner key no such header', async () => {
  const requests = await received(
    async ({ messages }) => {
      await messages.get('m1');
      await messages.delete('m1');
    },
    { apiKey: 'a-key' },
  );
  expect(requests.map(({ line, body }) => [line, body])).toEqual([
    ['GET /v3/conversations/messages/m1', ''],
    ['DELETE /v3/conversations/messages/m1', ''],
  ]);
  for (const { headers } of requests) {
    expect(headers).toMatchObject({ 'api-key': 'a-key' });
    expect(headers).not.toHaveProperty('partner-key');
    expect(headers).not.toHaveProperty('content-type');
  }
});

test('each request uses its own connection, even if the server would keep it alive', async () => {
  const connections: { socket: Socket; requests: number }[] = [];
  const server = createSocketServer((socket) => {
    const connection = { socket, requests: 0 };
    connections.push(connection);
    socket.on('data', () => {
      connection.requests += 1;
      socket.write('HTTP/1.1 200 OK\r\nconnection: keep-alive\r\ncontent-length: 11\r\n\r\n{"id":"m1"}');
    });
  });
  const { messages } = clientOf(`http://127.0.0.1:${await listen(server)}`);
  await messages.get('m1');
  await messages.get('m1');
  await messages.get('m1');
  expect(connections.map(({ requests }) => requests)).toEqual([1, 1, 1]);
});
