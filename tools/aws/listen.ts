/** How each server of the local run listens: on this machine alone, and out of the reach of web pages. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';

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
 * @param mayPass see `guard`
 * @throws Error with code EADDRINUSE when the port is taken
 */
export const listen = async (
  handler: RequestListener | Server,
  port: number,
  mayPass?: MayPass,
): Promise<Running> => {
  const server = typeof handler === 'function' ? createServer(handler) : handler;
  guard(server, mayPass);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no TCP port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** Whether a request of a page of another origin is let through all the same. */
type MayPass = (request: IncomingMessage) => boolean;

/**
 * Has a server refuse whatever a web page of another origin asks of it, before its own handlers see that. A browser on
 * this machine lets any page send requests to 127.0.0.1.
 */
export const guard = (server: Server, mayPass: MayPass = () => false): void => {
  for (const event of ['request', 'checkContinue'] as const) {
    const handlers = server.listeners(event);
    if (handlers.length === 0) continue;
    server.removeAllListeners(event);
    server.on(event, (request, response) => {
      const refusal = !namesThisServer(request)
        ? 'This host name does not belong to the local run'
        : isForeign(request) && !mayPass(request)
          ? 'The local run answers no page of another origin'
          : undefined;
      if (refusal === undefined) {
        for (const handler of handlers) Reflect.apply(handler, server, [request, response]);
      } else {
        response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' }).end(`${refusal}\n`);
      }
    });
  }
};

/**
 * Whether a request names this server as its host. Another name that leads to 127.0.0.1 belongs to a foreign page, whose
 * scripts would be of the same origin as ours (DNS rebinding).
 */
const namesThisServer = ({ headers, socket }: IncomingMessage): boolean =>
  ['127.0.0.1', 'localhost']
    .map((name) => new URL(`http://${name}:${socket.localPort}`).host)
    .includes((headers.host ?? '').toLowerCase());

/**
 * Whether a page of another origin made the request. Browsers name the origin in what scripts and forms send, and the
 * site in all else (https://www.w3.org/TR/fetch-metadata/). A link that is followed shows its answer to the user alone.
 */
const isForeign = ({ method, headers }: IncomingMessage): boolean => {
  if (headers.origin !== undefined) return headers.origin !== `http://${headers.host}`.toLowerCase();
  const { 'sec-fetch-site': site = 'none', 'sec-fetch-mode': mode } = headers;
  return !['none', 'same-origin'].includes(`${site}`) && !(method === 'GET' && mode === 'navigate');
};
