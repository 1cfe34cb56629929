import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { Server, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { type BrevoOptions, createBrevoClient } from '../../../lib/brevo/client.ts';

/** Starts a server of any kind on a free port, and closes it and its connections when the test ends. */
export const listen = async (server: Server): Promise<number> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}); // Tests cut connections, which is not a failure.
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no TCP port');
  return address.port;
};

/** An HTTP server that calls the test's listener once it has received a whole request. Returns its origin. */
export const serve = async (answer: RequestListener): Promise<string> => {
  const server = createServer((request, response) => {
    request.on('end', () => answer(request, response)).resume();
  });
  return `http://127.0.0.1:${await listen(server)}`;
};

/** A server that always gives the same answer. */
export const answering = (status: number, body = '', headers: Record<string, string> = {}): Promise<string> =>
  serve((_, response) => response.writeHead(status, headers).end(body));

/** A port on which no server listens. */
export const deadPort = async (): Promise<number> => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the server listened on no TCP port');
  return address.port;
};

/** A client with the simulated Brevo's key. */
export const clientOf = (baseUrl: string, options: Partial<BrevoOptions> = {}) =>
  createBrevoClient({
    baseUrl,
    credentials: async () => ({ apiKey: 'right-key' }),
    fetch,
    timeoutMs: 5_000,
    ...options,
  });

/** The error that a promise is rejected with. */
export const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => {
      throw new Error('it did not fail', { cause: value });
    },
    (error: unknown) => error,
  );
