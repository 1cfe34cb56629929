import { createServer, type RequestListener, type Server } from 'node:http';

/** A server of the local run: where it answers, and how to stop it. */
export interface Running {
  url: string;
  close: () => Promise<void>;
}

/** Takes one line for whoever watches the local run. */
export type Log = (line: string) => void;

/**
 * Starts an HTTP server on 127.0.0.1; port 0 takes any free one. Closing ends open connections at once: a kept-alive
 * socket must not hold up the end of the local run.
 *
 * @throws Error with code EADDRINUSE when the port is taken
 */
export const listen = async (handler: RequestListener | Server, port: number): Promise<Running> => {
  const server = typeof handler === 'function' ? createServer(handler) : handler;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no TCP port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
};
